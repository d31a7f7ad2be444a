import { defined, sleep } from '@fourway/kernel';
import { RandomSequence } from '@fourway/world';
import type { Lab } from '../lab/lab.ts';
import { waitUntil } from '../lab/wait-until.ts';
import { awaitResumed, kill, type Kill } from '../victims/kill.ts';
import { allVictims, type Victim } from '../victims/victim.ts';
import { damageOf, hasHitUndecided } from './kill-damage.ts';
import type { Damage, Fault } from './fault.ts';
import { paymentsOnly } from './kill-once.ts';

const stream = 40;
/** Kills for each that has to bite. */
const triesEach = 3;
const busyWithinMs = 45_000;
/** Until the topics have been read up to the kill. */
const readBehindMs = 600;

/** Kills services, acquirers and engines in a seeded order, also while another is still coming back. */
export const randomServiceKills: Fault = {
  name: 'random-service-kills',
  promise:
    'services, acquirers and engines killed at random, also several at once: every payment decided once, none undecided beyond 60 s, books agree',
  mix: paymentsOnly,
  inflict: async (lab): Promise<Damage> => {
    const { seed, kills: wanted } = lab.options;
    const random = new RandomSequence(seed, stream);
    const spree = new KillingSpree(lab);
    const victims = allVictims(lab.stack());
    while (spree.bit < wanted && spree.kills.length < wanted * triesEach) {
      await spree.kill(defined(victims[random.below(victims.length)], 'victim'));
      console.log(
        `  · ${spree.bit} of ${wanted} kills counted, ${spree.kills.length} in all, after ${spree.minutes} min`,
      );
      await sleep(readBehindMs + random.below(1_500));
    }
    await spree.recovered();
    return damageOf(spree.kills, { mustBite: wanted, counts: hasHitUndecided });
  },
};

class KillingSpree {
  readonly kills: Kill[] = [];
  readonly #lab: Lab;
  readonly #recoveries = new Map<Victim, Promise<void>>();
  readonly #startedMs = performance.now();

  constructor(lab: Lab) {
    this.#lab = lab;
  }

  get bit(): number {
    return this.kills.filter(hasHitUndecided).length;
  }

  get minutes(): number {
    return Math.round((performance.now() - this.#startedMs) / 6_000) / 10;
  }

  /** Kills a victim that works again since it was killed last; an engine when all is well, for outages of engines do not count as ours. */
  async kill(victim: Victim): Promise<void> {
    const others = [...this.#recoveries].filter(([other]) => other === victim || other.isEngine === true);
    await Promise.all((victim.isEngine === true ? [...this.#recoveries] : others).map(([, recovered]) => recovered));
    const busy = { what: `payments at ${victim.name}`, withinMs: busyWithinMs, everyMs: 5 };
    await waitUntil(() => victim.isBusy(this.#lab), busy);
    const killed = await kill(this.#lab, victim);
    this.kills.push(killed);
    const recovery = awaitResumed(killed);
    // Awaited before the next kill of it; until then a failure must not end the process.
    recovery.catch(() => undefined);
    this.#recoveries.set(victim, recovery);
  }

  async recovered(): Promise<void> {
    await Promise.all(this.#recoveries.values());
  }
}
