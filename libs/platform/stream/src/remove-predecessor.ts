import type { Kafka } from 'kafkajs';
import { errorText, type StreamLogger } from './stream-logger.ts';

export interface Predecessor {
  readonly kafka: Kafka;
  readonly groupId: string;
  readonly clientId: string;
  readonly logger: StreamLogger;
}

/**
 * Takes members of the same client id out of the group: a replica that died without leaving would keep its partitions until its
 * session ends. One that is alive after all joins again; it owns nothing by then, as after any lost session.
 */
export async function removePredecessor({ kafka, groupId, clientId, logger }: Predecessor): Promise<void> {
  const admin = kafka.admin();
  try {
    await admin.connect();
    const { groups } = await admin.describeGroups([groupId]);
    const members = groups.flatMap((group) => group.members).filter((member) => member.clientId === clientId);
    for (const { memberId } of members) await admin.removeGroupMember({ groupId, memberId });
    if (members.length > 0) logger.warn({ groupId, clientId, members: members.length }, 'removed our own dead member');
  } catch (error) {
    // It would have been faster; without it the broker ends the dead session by itself.
    logger.warn({ groupId, error: errorText(error) }, 'could not look for a dead member');
  } finally {
    await admin.disconnect();
  }
}
