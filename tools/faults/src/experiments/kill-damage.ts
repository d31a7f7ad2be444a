import { grouped } from '@fourway/cli';
import type { Kill } from '../victims/kill.ts';
import type { Damage } from './fault.ts';

/** A kill bit when the process held a payment at that instant: only such a kill shows anything. */
export function damageOf(kills: readonly Kill[], mustBite: number): Damage {
  const held = (): number[] => kills.map(({ witness }) => witness.held());
  const bit = (): number => held().filter((count) => count > 0).length;
  const recoverySeconds = (): number => Math.max(...kills.map((killed) => killed.recoverySeconds ?? Infinity));
  return {
    ...{ bit, mustBite, recoverySeconds, damagedMs: kills.map(({ killedMs }) => killedMs) },
    seen: () =>
      `${kills.length} kills (${countsOf(kills)}), ${bit()} bit, with ${grouped(sum(held()))} undecided payments in or before them; ` +
      `progress after at most ${recoverySeconds()} s`,
  };
}

const countsOf = (kills: readonly Kill[]): string =>
  [...Map.groupBy(kills, ({ victim }) => victim)].map(([victim, group]) => `${group.length} ${victim}`).join(', ');

const sum = (counts: readonly number[]): number => counts.reduce((total, count) => total + count, 0);
