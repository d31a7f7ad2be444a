import type { Kafka } from 'kafkajs';
import { partitionKey, type TopicPartition, type TopicPartitionOffset } from './stream-record.ts';

/** What the broker holds of a partition: the first offset still there, the one after the last, and the group's committed one. */
export interface PartitionOffsets extends TopicPartition {
  readonly logStart: bigint;
  readonly logEnd: bigint;
  /** -1: the group has committed nothing. */
  readonly committed: bigint;
}

export type StartPosition =
  { readonly kind: 'read'; readonly offset: bigint } | { readonly kind: 'refuse'; readonly reason: string };

/**
 * Where to start reading. A position that the log no longer (or does not yet) hold is refused, never reset: between it and
 * the log lie records that nobody has handled, and an operator decides about those.
 */
export const chooseStartPosition = (offsets: PartitionOffsets, cursor: bigint | 'committed'): StartPosition => {
  const wanted = cursor === 'committed' ? offsets.committed : cursor;
  // kafkajs commits -2 when it resets a position by itself; what was there before is gone.
  if (wanted < -1n) return { kind: 'refuse', reason: 'the committed position was reset by the client' };
  if (wanted < 0n) return { kind: 'read', offset: offsets.logStart };
  if (wanted < offsets.logStart)
    return {
      kind: 'refuse',
      reason: `position ${wanted} is below the log, which starts at ${offsets.logStart}: records were deleted unread`,
    };
  if (wanted > offsets.logEnd)
    return {
      kind: 'refuse',
      reason: `position ${wanted} is beyond the log, which ends at ${offsets.logEnd}: the log lost records`,
    };
  return { kind: 'read', offset: wanted };
};

/** Reads what chooseStartPosition needs, over a connection of its own that is closed again: an idle one costs, and rebalances are rare. */
export const readPartitionOffsets = async (
  kafka: Kafka,
  groupId: string,
  assigned: readonly TopicPartition[],
): Promise<PartitionOffsets[]> => {
  const topics = [...new Set(assigned.map(({ topic }) => topic))];
  const admin = kafka.admin();
  await admin.connect();
  try {
    const committed = new Map<string, bigint>();
    for (const { topic, partitions } of await admin.fetchOffsets({ groupId, topics })) {
      for (const { partition, offset } of partitions) committed.set(partitionKey({ topic, partition }), BigInt(offset));
    }
    const bounds = new Map<string, { low: string; high: string }>();
    for (const topic of topics) {
      for (const { partition, low, high } of await admin.fetchTopicOffsets(topic))
        bounds.set(partitionKey({ topic, partition }), { low, high });
    }
    return assigned.map(({ topic, partition }) => {
      const key = partitionKey({ topic, partition });
      const bound = bounds.get(key);
      if (bound === undefined) throw new Error(`the broker does not know partition ${key}`);
      return {
        topic,
        partition,
        logStart: BigInt(bound.low),
        logEnd: BigInt(bound.high),
        committed: committed.get(key) ?? -1n,
      };
    });
  } finally {
    await admin.disconnect();
  }
};

/** A cursor that is missing means: never read, start at the beginning. */
export const cursorsByPartition = (cursors: readonly TopicPartitionOffset[]): ReadonlyMap<string, bigint> =>
  new Map(cursors.map((cursor) => [partitionKey(cursor), cursor.offset]));
