import { grouped } from '@fourway/cli';
import type { Kill } from '../victims/kill.ts';
import type { Damage } from './fault.ts';

/** A kill bit when the process held work at that instant: only such a kill shows anything. */
export const hasBitten = ({ witness }: Kill): boolean => witness.held() > 0;

/** The strict count: what settlement holds is decided already. */
export const hasHitUndecided = (killed: Kill): boolean => killed.holds === 'undecided payments' && hasBitten(killed);

export interface KillRule {
  readonly mustBite: number;
  readonly counts: (killed: Kill) => boolean;
}

export function damageOf(kills: readonly Kill[], { mustBite, counts }: KillRule): Damage {
  const bit = (): number => kills.filter(counts).length;
  const recoverySeconds = (): number => Math.max(...kills.map((killed) => killed.recoverySeconds ?? Infinity));
  return {
    ...{ bit, mustBite, recoverySeconds },
    seen: () =>
      `${kills.length} kills (${countsOf(kills)}), ${bit()} counted: they held ${heldBy(kills)}; ` +
      `progress after at most ${recoverySeconds()} s`,
  };
}

const countsOf = (kills: readonly Kill[]): string =>
  [...Map.groupBy(kills, ({ victim }) => victim)].map(([victim, group]) => `${group.length} ${victim}`).join(', ');

const heldBy = (kills: readonly Kill[]): string =>
  [...Map.groupBy(kills, ({ holds }) => holds)]
    .map(([what, group]) => `${grouped(group.reduce((sum, { witness }) => sum + witness.held(), 0))} ${what}`)
    .join(' and ');
