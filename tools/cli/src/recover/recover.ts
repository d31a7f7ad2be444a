import { Database } from '@fourway/platform-postgres';
import { letPartitionsGoOn, stoppedPartitions } from '@fourway/platform-stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { type RecoverTarget, type Stop, type Stops } from './find-stops.ts';
import { moveCursors } from './settlement-cursors.ts';

export interface Recovery {
  /** Cursors of settlement's own that were moved. */
  readonly cursorsMoved: number;
  /** Partitions that were seen to go on. */
  readonly goingOn: number;
  /** Those that were not: their group has no members, or they need a restart. */
  readonly waiting: readonly Stop[];
}

const clientId = 'fourway-recover';
const lookEveryMs = 500;

/**
 * Lets what is stopped go on at the start of its log, settlement's cursors first: its consumer would go back to a cursor that the log does
 * not hold. Then watches, for `watchMs`, that members go on.
 */
export async function recover(
  target: RecoverTarget,
  { partitions, cursors }: Stops,
  watchMs = 20_000,
): Promise<Recovery> {
  const database = new Database({ url: target.postgresUrl, applicationName: clientId, maxConnections: 1 });
  try {
    const cursorsMoved = await moveCursors(database, cursors);
    await letPartitionsGoOn({ brokers: target.brokers, clientId }, partitions);
    const waiting = await watch(target, partitions, watchMs);
    return { cursorsMoved, goingOn: partitions.length - waiting.length, waiting };
  } finally {
    await database.close();
  }
}

async function watch({ brokers }: RecoverTarget, stops: readonly Stop[], watchMs: number): Promise<Stop[]> {
  // Nobody is there to be watched.
  let waiting = stops.filter(({ members }) => members > 0);
  const unattended = stops.filter(({ members }) => members === 0);
  const deadlineMs = Date.now() + watchMs;
  while (waiting.length > 0 && Date.now() < deadlineMs) {
    await sleep(lookEveryMs);
    const still: Stop[] = [];
    for (const [groupId, ofGroup] of Map.groupBy(waiting, (stop) => stop.groupId)) {
      const topics = [...new Set(ofGroup.map(({ topic }) => topic))];
      const stopped = await stoppedPartitions({ brokers, clientId, groupId, topics });
      still.push(
        ...ofGroup.filter(({ topic, partition }) =>
          stopped.some((at) => at.topic === topic && at.partition === partition),
        ),
      );
    }
    waiting = still;
  }
  return [...unattended, ...waiting];
}
