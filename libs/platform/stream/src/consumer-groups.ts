import type { Admin } from 'kafkajs';
import { connectTo, type KafkaConnection } from './kafka-client.ts';
import type { TopicPartitionOffset } from './stream-record.ts';

export interface GroupOnTopic extends KafkaConnection {
  readonly groupId: string;
  readonly topic: string;
}

/** What a group has committed on a topic; partitions on which it has committed nothing are left out. */
export const committedOffsets = (options: GroupOnTopic): Promise<TopicPartitionOffset[]> =>
  asAdmin(options, async (admin) => {
    const { groupId, topic } = options;
    const topics = await admin.fetchOffsets({ groupId, topics: [topic] });
    return topics
      .flatMap(({ partitions }) => partitions)
      .filter(({ offset }) => BigInt(offset) >= 0n)
      .map(({ partition, offset }) => ({ topic, partition, offset: BigInt(offset) }));
  });

/** How many members a group has; those that died count until their session ends. */
export const groupSize = (options: Omit<GroupOnTopic, 'topic'>): Promise<number> =>
  asAdmin(options, async (admin) => {
    const { groups } = await admin.describeGroups([options.groupId]);
    return groups.reduce((sum, { members }) => sum + members.length, 0);
  });

/**
 * Has a group begin again at the first record that the log holds.
 * @throws Error when the group has members: they would commit over it
 */
export const rewindGroup = (options: GroupOnTopic): Promise<void> =>
  asAdmin(options, async (admin) => {
    const { groupId, topic } = options;
    const bounds = await admin.fetchTopicOffsets(topic);
    // By number: kafkajs' own "earliest" is a mark that our consumers refuse, since they cannot tell it from an accident.
    const partitions = bounds.map(({ partition, low }) => ({ partition, offset: low }));
    await admin.setOffsets({ groupId, topic, partitions });
  });

/** Deletes the records of a partition before an offset, as the topic's retention would. For tests of what is lost. */
export const deleteRecords = (
  options: KafkaConnection & { readonly topic: string; readonly partition: number; readonly before: bigint },
): Promise<void> =>
  asAdmin(options, async (admin) => {
    const { topic, partition, before } = options;
    // kafkajs knows the partition's leader only after it asked for the topic.
    await admin.fetchTopicOffsets(topic);
    await admin.deleteTopicRecords({ topic, partitions: [{ partition, offset: String(before) }] });
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
