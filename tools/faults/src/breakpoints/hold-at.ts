import { sleep } from '@fourway/kernel';
import type { Lab } from '../lab/lab.ts';
import type { Load } from '../lab/load.ts';
import { changeBehaviour } from '@fourway/cli';
import { slowAcquirers } from '../lab/acquirer-pace.ts';
import { waitFor, waitUntil } from '../lab/wait-until.ts';
import { serviceVictim } from '../victims/victim.ts';
import type { Point } from './points.ts';
import { assertStanding, booked, readBehindMs } from './standing.ts';
import { stopAt, type StoppedProcess } from './stop-at.ts';

const underWay = 200;
const reachedWithinMs = 30_000;
const readyWithinMs = 60_000;
/** Longer than the second after which a payment is parked, shorter than the answer time. */
const lateAnswers = { lateRate: 0.1, lateByMs: 2_500 };
const finishedWithinMs = 60_000;

/** Stops the first replica of the point's service at the point, and makes sure that it holds what the point says. */
export async function holdAt(lab: Lab, load: Load, point: Point): Promise<StoppedProcess> {
  await waitUntil(() => load.sent >= underWay, { what: 'the load under way', withinMs: 60_000 });
  if (point.answersLate === true)
    await Promise.all(lab.stack().acquirers.map((acquirer) => changeBehaviour(acquirer, lateAnswers)));
  const { pid } = serviceVictim(point.service);
  const ready = await waitFor(() => pid(lab.stack()), { what: `${point.service} ready`, withinMs: readyWithinMs });
  const target = { pid: ready, logFile: `${lab.stack().logs}/${point.service}-0.log` };
  const stopped = await stopAt(target, point.place, reachedWithinMs);
  try {
    const held = await heldAt(lab, point, stopped.held);
    await assertStanding(lab, held, point.standing);
    if (point.answersLate === true) await answerInTime(lab);
    return { ...stopped, held };
  } catch (error) {
    await stopped.release();
    throw error;
  }
}

/** A batch also carries copies of what was scored or claimed long ago: that is not what the point is about. */
async function heldAt(lab: Lab, { damage, standing }: Point, found: readonly string[]): Promise<readonly string[]> {
  const isFirstScored = standing.scored === false;
  const isFirstClaimed = damage === 'cut' && standing.asked === false;
  if (!isFirstScored && !isFirstClaimed) return found;
  await sleep(readBehindMs);
  const before = await booked(lab, found);
  return before
    .filter(({ scored, asked, decided }) => (isFirstScored ? !scored : !asked && !decided))
    .map(({ operationId }) => operationId);
}

async function answerInTime(lab: Lab): Promise<void> {
  await Promise.all(lab.stack().acquirers.map((acquirer) => changeBehaviour(acquirer, { lateRate: 0 })));
  await slowAcquirers(lab.stack());
}

/** Breaks the connection on which a statement waits for its answer. Nothing of the answer has been read. */
export async function cutConnection({ evaluate, release }: StoppedProcess): Promise<void> {
  await evaluate('void connection.stream.destroy()');
  await release();
}

/**
 * When the last of the held operations was finished: its outcome published, or, held by settlement, all that was published before posted.
 * Milliseconds since the Unix epoch.
 */
export async function finished(lab: Lab, { service }: Point, { held, stoppedMs }: StoppedProcess): Promise<number> {
  const { timeline, database } = lab;
  const wanted = { what: `${held.length} operations finished that were held`, withinMs: finishedWithinMs };
  if (service === 'settlement') {
    await waitUntil(async () => timeline.unpostedAt(stoppedMs, await database.postedOffsets()) === 0, wanted);
    return Date.now();
  }
  const publishedMs = (): number[] => held.map((id) => timeline.flightOf(id)?.outcome?.atMs ?? Infinity);
  await waitUntil(() => publishedMs().every(Number.isFinite), wanted);
  return Math.max(...publishedMs());
}

/** What the point says was not published when the process stopped, and was. */
export function publishedEarly({ timeline }: Lab, { standing }: Point, { held, stoppedMs }: StoppedProcess): string[] {
  if (standing.published !== false) return [];
  const early = held.filter((id) => (timeline.flightOf(id)?.outcome?.atMs ?? Infinity) < stoppedMs);
  return early.length === 0 ? [] : [`${early.length} operations were published before the point`];
}
