import { sleep } from '@fourway/kernel';
import { cutConnection, finished, holdAt, publishedEarly } from '../breakpoints/hold-at.ts';
import { points, type Point } from '../breakpoints/points.ts';
import { booked, type BookedOperation } from '../breakpoints/standing.ts';
import type { Lab } from '../lab/lab.ts';
import type { Load } from '../lab/load.ts';
import type { Damage, Fault } from './fault.ts';
import { paymentsOnly } from './kill-once.ts';

/** Longer than the ten seconds after which the group gives a silent member's partitions to another one. */
const pausedForMs = 16_000;
/** Answer time, send window and what it takes to store: whatever the woken process does with what it held, it has done by then. */
const wokenForMs = 10_000;

/** Stops a service at one exact point of its code for longer than its session lasts, and wakes it when others have done its work. */
const pauseAt = (point: Point): Fault => ({
  name: `pause-at-${point.name}`,
  group: 'pause-at-points',
  promise:
    `${point.service} sleeps with payments at this point (${point.means}) past its session: another replica finishes them; ` +
    'woken, it sends, decides and posts nothing of them; books agree',
  mix: paymentsOnly,
  payments: 3_000,
  replicas: { 'risk-scoring': 2, 'acquirer-routing': 2, settlement: 2 },
  inflict: (lab, load) => inflict(lab, load, point),
});

async function inflict(lab: Lab, load: Load, point: Point): Promise<Damage> {
  const stopped = await holdAt(lab, load, point);
  process.kill(stopped.pid, 'SIGSTOP');
  const { length: held } = stopped.held;
  console.log(`  · stopped ${point.service} (pid ${stopped.pid}) with ${held} operations at ${point.name}`);
  const [finishedMs] = await Promise.all([finished(lab, point, stopped), sleep(pausedForMs)]);
  const before = await booked(lab, stopped.held);
  const sleptMs = Date.now() - stopped.stoppedMs;
  process.kill(stopped.pid, 'SIGCONT');
  await (point.damage === 'cut' ? cutConnection(stopped) : stopped.release());
  await sleep(wokenForMs);
  const after = await booked(lab, stopped.held);
  const end = lab.stack().services[point.service]?.replicas[0];
  const became = end?.pid === stopped.pid ? 'it goes on' : `it ended by itself (${end?.lastExit ?? 'unknown'})`;
  const seconds = (ms: number): number => Math.max(0, Math.round(ms / 10) / 100);
  return {
    bit: () => held,
    mustBite: 1,
    recoverySeconds: () => seconds(finishedMs - stopped.stoppedMs),
    seen: () =>
      `${point.service} slept ${seconds(sleptMs)} s holding ${held} operations, each ${point.means}; ` +
      `others had finished them after ${seconds(finishedMs - stopped.stoppedMs)} s; woken, ${became}`,
    problems: () => Promise.resolve([...publishedEarly(lab, point, stopped), ...deedsOf(point, before, after)]),
  };
}

/** What became of the held operations after the process woke, and should not have. */
function deedsOf({ standing }: Point, before: readonly BookedOperation[], after: readonly BookedOperation[]): string[] {
  const then = new Map(before.map((operation) => [operation.operationId, operation]));
  const count = (what: string, is: (now: BookedOperation, then: BookedOperation) => boolean): string[] => {
    const found = after.filter((now) => {
      const was = then.get(now.operationId);
      return was === undefined || is(now, was);
    });
    return found.length === 0 ? [] : [`${found.length} operations ${what}, first ${found[0]?.operationId ?? ''}`];
  };
  return [
    ...count('were not decided before it woke', (_, was) => was.outcome === null),
    ...count('were decided again', (now, was) => now.outcome !== was.outcome),
    ...count('were posted again', (now, was) => was.fact !== null && now.fact !== was.fact),
    ...count('were sent by the woken process', (now, was) => now.requests.length > was.requests.length),
    ...count('are in an acquirer book more than once', (now) => now.requests.length > 1),
    ...(standing.asked === false && standing.claimed === true
      ? count('were sent although their time had passed', (now) => now.requests.length > 0)
      : []),
  ];
}

export const pausesAtPoints: readonly Fault[] = points.map(pauseAt);
