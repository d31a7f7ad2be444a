import type { Admin, Kafka } from 'kafkajs';
import type { TopicPartition } from './stream-record.ts';

/** A partition of a group, and the position outside the log that it is stopped at. */
export interface StoppedAt extends TopicPartition {
  readonly groupId: string;
  readonly position: bigint;
}

const prefix = 'fourway-recovery.';

/** True for what holds an operator's decision, and is no group of consumers. */
export const isDecisionGroup = (groupId: string): boolean => groupId.startsWith(prefix);

/**
 * The broker takes no offsets for a group that has members, and those are to go on without a restart. So a decision is the committed offset
 * of a group of its own, which nobody joins; its name says for which stop it was made, so that it never opens another one.
 */
const decisionGroup = ({ groupId, topic, partition, position }: StoppedAt): string =>
  `${prefix}${groupId}.${topic}.${partition}.at.${position}`;

/** Lets a stopped partition begin at the first record its log holds; the group's members see it within seconds. */
export async function writeDecision(admin: Admin, stopped: StoppedAt, logStart: bigint): Promise<void> {
  const { topic, partition } = stopped;
  await admin.setOffsets({
    ...{ groupId: decisionGroup(stopped), topic },
    partitions: [{ partition, offset: String(logStart) }],
  });
}

/** True when an operator has decided that the partition goes on. */
export async function isDecided(kafka: Kafka, stopped: StoppedAt): Promise<boolean> {
  const admin = kafka.admin();
  await admin.connect();
  try {
    const [topic] = await admin.fetchOffsets({ groupId: decisionGroup(stopped), topics: [stopped.topic] });
    return (
      topic?.partitions.some(({ partition, offset }) => partition === stopped.partition && BigInt(offset) >= 0n) ??
      false
    );
  } finally {
    await admin.disconnect();
  }
}
