import { decodeOutcome, topics } from '@fourway/contracts';
import type { StreamRecord } from '@fourway/platform-stream';
import type { OperationTimeline } from './operation-timeline.ts';
import { TopicTail } from './topic-tail.ts';

/** Writes the timeline from the three topics of the path. Returns how to stop. */
export function followTopics(brokers: readonly string[], timeline: OperationTimeline): () => Promise<void> {
  const tail = (topic: string, onRecord: (record: StreamRecord) => void): TopicTail =>
    new TopicTail({ brokers, topic, onRecord });
  const tails = [
    // A sale is its own root, and the root is the key.
    tail(topics.requested.name, ({ key, timestampMs }) => timeline.requested(String(key), timestampMs)),
    tail(topics.scored.name, ({ key, timestampMs }) => timeline.scored(String(key), timestampMs)),
    tail(topics.outcomes.name, (record) => takeOutcome(timeline, record)),
  ];
  return async () => {
    await Promise.all(tails.map((each) => each.stop()));
  };
}

function takeOutcome(timeline: OperationTimeline, { value, partition, offset, timestampMs }: StreamRecord): void {
  if (value === null) return;
  const outcome = decodeOutcome(value);
  if (outcome === null) return;
  const { operationId, status, acquirerId } = outcome;
  timeline.decided(operationId, { atMs: timestampMs, status, acquirerId, partition, offset });
}
