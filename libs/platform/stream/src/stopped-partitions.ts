import type { Admin } from 'kafkajs';
import { connectTo, type KafkaConnection } from './kafka-client.ts';
import { isDecisionGroup, writeDecision } from './recovery-decision.ts';
import { chooseStartPosition, readPartitionOffsets, type PartitionOffsets } from './start-position.ts';
import { partitionKey, type TopicPartition } from './stream-record.ts';

/** A partition that a group does not read, because its position is outside the log. */
export interface StoppedPartition extends TopicPartition {
  readonly groupId: string;
  /** The next offset the group would have read. Below -1: the client has reset it, and what it was is lost. */
  readonly position: bigint;
  readonly logStart: bigint;
  readonly logEnd: bigint;
  readonly reason: string;
}

export interface StoppedRequest extends KafkaConnection {
  readonly groupId: string;
  readonly topics: readonly string[];
}

const readerPrefix = 'fourway-reader-';

/** The groups of consumers the broker knows, those without members included; without readers that keep no offsets. */
export const consumerGroupIds = (connection: KafkaConnection): Promise<string[]> =>
  asAdmin(connection, async (admin) => {
    const { groups } = await admin.listGroups();
    return groups
      .map(({ groupId }) => groupId)
      .filter((groupId) => !groupId.startsWith(readerPrefix) && !isDecisionGroup(groupId))
      .sort();
  });

/** What the broker holds of every partition of the topics, and what the group has committed there. */
export const partitionOffsets = async ({
  groupId,
  topics,
  ...connection
}: StoppedRequest): Promise<PartitionOffsets[]> => {
  const partitions = await asAdmin(connection, async (admin) => {
    const found = await admin.fetchTopicMetadata({ topics: [...topics] });
    return found.topics.flatMap(({ name, partitions: known }) =>
      known.map(({ partitionId }) => ({ topic: name, partition: partitionId })),
    );
  });
  return readPartitionOffsets(connectTo(connection), groupId, partitions);
};

/** The partitions of these topics that the group cannot go on reading. */
export const stoppedPartitions = async (request: StoppedRequest): Promise<StoppedPartition[]> =>
  (await partitionOffsets(request))
    .flatMap((offsets): StoppedPartition[] => {
      const { topic, partition, committed: position, logStart, logEnd } = offsets;
      const choice = chooseStartPosition(offsets, 'committed');
      if (choice.kind === 'read') return [];
      return [{ groupId: request.groupId, topic, partition, position, logStart, logEnd, reason: choice.reason }];
    })
    .sort((one, other) => partitionKey(one).localeCompare(partitionKey(other)));

/**
 * Decides that stopped partitions go on at the first record their logs hold: nothing that is there is skipped. Members of the group take it
 * up within seconds, a group without members when it has some.
 */
export const letPartitionsGoOn = (connection: KafkaConnection, stopped: readonly StoppedPartition[]): Promise<void> =>
  asAdmin(connection, async (admin) => {
    await Promise.all(stopped.map((each) => writeDecision(admin, each, each.logStart)));
  });

async function asAdmin<T>(connection: KafkaConnection, work: (admin: Admin) => Promise<T>): Promise<T> {
  const admin = connectTo(connection).admin();
  await admin.connect();
  try {
    return await work(admin);
  } finally {
    await admin.disconnect();
  }
}
