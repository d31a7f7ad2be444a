import { setTimeout as sleep } from 'node:timers/promises';
import { connectTo, type KafkaConnection } from './kafka-client.ts';
import type { TopicPartitionOffset } from './stream-record.ts';

const maxTries = 40;
const pauseMs = 250;

/**
 * Where a topic ends now: `readTopic` from here follows it and sees every record written after this call. Waits up to 10 s for the
 * leaders of a topic that was just made.
 */
export async function endOffsets(
  options: KafkaConnection & { readonly topic: string },
): Promise<TopicPartitionOffset[]> {
  const admin = connectTo(options).admin();
  await admin.connect();
  try {
    for (let tries = 1; ; tries++) {
      try {
        const bounds = await admin.fetchTopicOffsets(options.topic);
        return bounds.map(({ partition, high }) => ({ topic: options.topic, partition, offset: BigInt(high) }));
      } catch (error) {
        if (tries === maxTries || !isRetriable(error)) throw error;
        await sleep(pauseMs);
      }
    }
  } finally {
    await admin.disconnect();
  }
}

const isRetriable = (error: unknown): boolean =>
  error instanceof Error && 'retriable' in error && error.retriable === true;
