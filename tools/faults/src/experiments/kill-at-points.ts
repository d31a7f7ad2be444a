import { cutConnection, finished, holdAt, publishedEarly } from '../breakpoints/hold-at.ts';
import { points, type Point } from '../breakpoints/points.ts';
import type { Lab } from '../lab/lab.ts';
import type { Load } from '../lab/load.ts';
import { waitFor } from '../lab/wait-until.ts';
import { serviceVictim } from '../victims/victim.ts';
import type { Damage, Fault } from './fault.ts';
import { paymentsOnly } from './kill-once.ts';

const resumedWithinMs = 90_000;

/** Kills a service, or breaks its connection to Postgres, at one exact point of its code. */
const killAt = (point: Point): Fault => ({
  name: `kill-at-${point.name}`,
  group: 'kill-at-points',
  promise: `${point.service} ends with payments at this point (${point.means}): each decided once, within 60 s, books agree`,
  mix: paymentsOnly,
  payments: 3_000,
  inflict: (lab, load) => inflict(lab, load, point),
});

async function inflict(lab: Lab, load: Load, point: Point): Promise<Damage> {
  const stopped = await holdAt(lab, load, point);
  const restarts = restartsOf(lab, point);
  const endedMs = Date.now();
  if (point.damage === 'cut') await cutConnection(stopped);
  else process.kill(stopped.pid, 'SIGKILL');
  const done = point.damage === 'cut' ? 'cut the connection of' : 'killed';
  const { length: held } = stopped.held;
  console.log(`  · ${done} ${point.service} (pid ${stopped.pid}) with ${held} operations at ${point.name}`);
  const witness = await serviceVictim(point.service).witness(lab, endedMs);
  const finishedMs = await finished(lab, point, stopped);
  const wanted = { what: `progress of ${point.service}`, withinMs: resumedWithinMs };
  const resumedMs = await waitFor(() => witness.resumedMs(), wanted);
  const since = (atMs: number): number => Math.max(0, Math.round((atMs - endedMs) / 10) / 100);
  return {
    bit: () => held,
    mustBite: 1,
    recoverySeconds: () => since(Math.max(finishedMs, resumedMs)),
    seen: () =>
      `${done} ${point.service} while it held ${held} operations, each ${point.means}; ` +
      `those finished after ${since(finishedMs)} s, later ones after ${since(resumedMs)} s`,
    problems: () =>
      Promise.resolve([
        ...publishedEarly(lab, point, stopped),
        ...(point.damage === 'cut' && restartsOf(lab, point) > restarts ? ['a lost connection ended the process'] : []),
      ]),
  };
}

const restartsOf = (lab: Lab, { service }: Point): number => lab.stack().services[service]?.replicas[0]?.restarts ?? 0;

export const killsAtPoints: readonly Fault[] = points.map(killAt);
