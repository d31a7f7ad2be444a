import { topics } from '@fourway/contracts';
import { Database } from '@fourway/platform-postgres';
import {
  consumerGroupIds,
  groupSize,
  partitionOffsets,
  stoppedPartitions,
  type StoppedPartition,
} from '@fourway/platform-stream';
import { countOpenWork, type OpenWork } from './open-work.ts';
import { remedyOf } from './remedies.ts';
import { stoppedCursors, type StoppedCursor } from './settlement-cursors.ts';

export interface RecoverTarget {
  readonly brokers: readonly string[];
  /** URL of a role that may read all schemas, and write settlement's cursors. */
  readonly postgresUrl: string;
  /** Topics that are looked at; the stack's. */
  readonly topics: readonly string[];
  /** Only this group, topic, partition. */
  readonly group?: string;
  readonly topic?: string;
  readonly partition?: number;
}

/** The group that keeps its cursors in Postgres. */
export const cursorGroup = 'settlement';

/** A stop and what it means. */
export interface Stop extends StoppedPartition {
  /** Offsets that were deleted before the group read them; at most so many records. Null where the log was made anew. */
  readonly gone: { readonly from: bigint; readonly to: bigint } | null;
  /** Members the group has: they go on by themselves. */
  readonly members: number;
  readonly remedy: string;
}

export interface Stops {
  readonly partitions: readonly Stop[];
  /** Settlement's own cursors, to be moved with its group. */
  readonly cursors: readonly StoppedCursor[];
  readonly openWork: OpenWork;
}

const clientId = 'fourway-recover';

/** Looks at every group's position in every topic. Changes nothing. */
export async function findStops(target: RecoverTarget): Promise<Stops> {
  const database = new Database({ url: target.postgresUrl, applicationName: clientId, maxConnections: 1 });
  try {
    return {
      partitions: await stopsOf(target),
      cursors: await cursorStops(target, database),
      openWork: await countOpenWork(database),
    };
  } finally {
    await database.close();
  }
}

async function stopsOf(target: RecoverTarget): Promise<Stop[]> {
  const connection = { brokers: target.brokers, clientId };
  const groupIds = target.group === undefined ? await consumerGroupIds(connection) : [target.group];
  const stops: Stop[] = [];
  for (const groupId of groupIds) {
    const stopped = await stoppedPartitions({ ...connection, groupId, topics: topicsOf(target) });
    const ours = stopped.filter(({ partition }) => target.partition === undefined || partition === target.partition);
    if (ours.length === 0) continue;
    const members = await groupSize({ ...connection, groupId });
    stops.push(...ours.map((each) => ({ ...each, members, gone: goneOf(each), remedy: remedyOf(each.topic) })));
  }
  return stops;
}

async function cursorStops(target: RecoverTarget, database: Database): Promise<StoppedCursor[]> {
  const wanted = topicsOf(target).filter((topic) => topic === topics.outcomes.name);
  if (wanted.length === 0 || (target.group ?? cursorGroup) !== cursorGroup) return [];
  const offsets = await partitionOffsets({ brokers: target.brokers, clientId, groupId: cursorGroup, topics: wanted });
  return stoppedCursors(
    database,
    offsets.filter(({ partition }) => target.partition === undefined || partition === target.partition),
  );
}

const topicsOf = (target: RecoverTarget): readonly string[] =>
  target.topic === undefined ? target.topics : [target.topic];

const goneOf = ({ position, logStart }: StoppedPartition): Stop['gone'] =>
  position >= 0n && position < logStart ? { from: position, to: logStart } : null;
