import { setTimeout as sleep } from 'node:timers/promises';
import type { Kafka } from 'kafkajs';
import { retryPolicy } from './kafka-client.ts';
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

export interface FormerSelf {
  readonly kafka: Kafka;
  readonly groupId: string;
  readonly memberId: string;
  /** True once we are in the group again. */
  readonly isOver: () => boolean;
}

const againAfterMs = 200;

/**
 * Takes what we were before our connection broke out of the group. kafkajs joins anew under another member id, and the group would wait for
 * the old one until its session ends. Tries until the broker is back.
 */
export async function removeFormerSelf({ kafka, groupId, memberId, isOver }: FormerSelf): Promise<void> {
  while (!isOver()) {
    const admin = kafka.admin({ retry: retryPolicy(0) });
    try {
      await admin.connect();
      await admin.removeGroupMember({ groupId, memberId });
      return;
    } catch (error) {
      if (isUnknownMember(error)) return;
      await sleep(againAfterMs);
    } finally {
      await admin.disconnect().catch(() => undefined);
    }
  }
}

const isUnknownMember = (error: unknown): boolean =>
  error instanceof Error && 'type' in error && error.type === 'UNKNOWN_MEMBER_ID';
