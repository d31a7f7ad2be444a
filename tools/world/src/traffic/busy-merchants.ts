import { shareOfMinute } from '../day-curve.ts';
import { weightedPicker, type RandomSequence } from '../random.ts';
import { metroShare, network, scenarios, type Scenario, type ScenarioName } from '../scenarios.ts';
import type { World } from '../world.ts';

interface Place {
  readonly name: ScenarioName;
  /** Merchants of the scenario in this world. */
  readonly merchants: number;
  /** Payments of a day. */
  readonly weight: number;
}

/** How much busier low ranks are than high ones: the busiest tenth of a scenario's merchants has two fifths of its payments. */
const skew = 2.5;
const metroSkew = 1.5;

/** Who is paid next: metros far more often than all others, then the busy merchants of each scenario, then a long tail. */
export class BusyMerchants {
  readonly #world: World;
  readonly #random: RandomSequence;
  readonly #weightOf: (scenario: Scenario) => number;
  readonly #merchants: ReadonlyMap<ScenarioName, number>;
  #minute = -1;
  #pick: (fraction: number) => Place;

  /** @param weightOf a scenario's part of the payments; default as many as it has on a day */
  constructor(
    world: World,
    random: RandomSequence,
    weightOf: (scenario: Scenario) => number = ({ dailyPayments }) => dailyPayments,
  ) {
    this.#world = world;
    this.#random = random;
    this.#weightOf = weightOf;
    this.#merchants = new Map(scenarios.map(({ name }) => [name, world.merchantsOf(name)]));
    this.#pick = this.#picker(() => 1);
  }

  /** From now on payments are those of this minute of the day. */
  moveTo(minute: number): void {
    if (minute === this.#minute) return;
    this.#minute = minute;
    this.#pick = this.#picker((name) => shareOfMinute(name, minute));
  }

  /** The index of an active merchant. */
  next(): number {
    const { name, merchants } = this.#pick(this.#random.fraction());
    const rank = this.#rank(name, merchants);
    for (let step = 0; step < merchants; step += 1) {
      const index = this.#world.merchantOf(name, (rank + step) % merchants);
      if (!this.#world.isSuspended(index)) return index;
    }
    throw new Error('broken invariant: the first merchant of a scenario is active');
  }

  #rank(name: ScenarioName, merchants: number): number {
    const metros = name === 'transit' ? Math.min(network.metros, merchants) : 0;
    const buses = merchants - metros;
    if (metros > 0 && (buses === 0 || this.#random.fraction() < metroShare))
      return this.#random.rank(metros, metroSkew);
    return metros + this.#random.rank(buses, skew);
  }

  #picker(partOf: (name: ScenarioName) => number): (fraction: number) => Place {
    const places = scenarios.map((scenario) => ({
      name: scenario.name,
      merchants: this.#merchants.get(scenario.name) ?? 0,
      weight: this.#weightOf(scenario) * partOf(scenario.name),
    }));
    return weightedPicker(places.filter(({ merchants, weight }) => merchants > 0 && weight > 0));
  }
}
