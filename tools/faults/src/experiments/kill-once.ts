import { sleep } from '@fourway/kernel';
import { dayMix } from '@fourway/world';
import type { Lab } from '../lab/lab.ts';
import type { Load } from '../lab/load.ts';
import { waitUntil } from '../lab/wait-until.ts';
import { awaitResumed, kill, type Kill } from '../victims/kill.ts';
import type { Victim } from '../victims/victim.ts';
import { damageOf, hasBitten } from './kill-damage.ts';
import type { Damage, Fault } from './fault.ts';

/** A day's payments without bad input: each operation ends in an outcome, so what is open can be told from the topics. */
export const paymentsOnly = { ...dayMix, badInputShare: 0 };

const mostKills = 6;
/** Part of the payments after which the first kill comes. */
const killAt = 0.3;

/** Kills one process in the middle of the load; again if the kill hit no payment. */
export const killOnce = (name: string, promise: string, victimOf: (lab: Lab) => Victim): Fault => ({
  ...{ name, promise, mix: paymentsOnly },
  inflict: async (lab, load): Promise<Damage> => {
    const victim = victimOf(lab);
    await awaitSent(lab, load, killAt);
    const kills: Kill[] = [];
    do {
      await waitUntil(() => victim.isBusy(lab), { what: `payments at ${victim.name}`, withinMs: 30_000, everyMs: 5 });
      const killed = await kill(lab, victim);
      kills.push(killed);
      await awaitResumed(killed);
      // Whom the last payments were with shows when they are decided.
      await sleep(500);
    } while (!kills.some(hasBitten) && kills.length < mostKills);
    return damageOf(kills, { mustBite: 1, counts: hasBitten });
  },
});

async function awaitSent({ options: { payments, rate } }: Lab, load: Load, part: number): Promise<void> {
  const withinMs = 60_000 + (payments / rate) * 2_000;
  await waitUntil(() => load.sent >= payments * part, { what: 'the load under way', withinMs });
}
