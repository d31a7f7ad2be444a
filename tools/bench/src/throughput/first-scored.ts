import { brokersOf } from '@fourway/cli';
import { topics } from '@fourway/contracts';
import { readTopic } from '@fourway/platform-stream';
import type { StackDescription } from '@fourway/stack';

/** When the first record after `sinceMs` was appended to payments.scored.v1, by the broker's clock; Infinity where none was. */
export async function firstScoredMs(stack: StackDescription, sinceMs: number): Promise<number> {
  const seen = new Map<number, number>();
  const enough = new AbortController();
  await readTopic({
    ...{ brokers: brokersOf(stack), clientId: 'fourway-bench', topic: topics.scored.name, signal: enough.signal },
    onRecords: (records) => {
      const first = records.find(({ timestampMs }) => timestampMs >= sinceMs);
      if (first !== undefined && !seen.has(first.partition)) seen.set(first.partition, first.timestampMs);
      if (seen.size === topics.scored.partitions) enough.abort();
    },
  });
  return Math.min(Infinity, ...seen.values());
}
