import { brokersOf, play, startProgress, type PlayReport } from '@fourway/cli';
import { traffic, type TrafficItem, type TrafficMix } from '@fourway/world';
import type { Lab } from './lab.ts';

export interface LoadOptions {
  readonly mix: TrafficMix;
  readonly seed: number;
  /** At least. */
  readonly payments: number;
  readonly cards: number;
}

/** More than any run sends. */
const endless = 100_000_000;

/** Traffic that goes on until it is both long enough and no longer needed. */
export class Load {
  readonly finished: Promise<PlayReport>;
  #isNeeded = true;
  #sent = 0;

  constructor(lab: Lab, { mix, seed, payments, cards }: LoadOptions) {
    const { rate } = lab.options;
    const progress = startProgress('  payments answered', payments);
    const items = this.#until(traffic(lab.world, { payments: endless, seed, mix, cards }), payments);
    this.finished = play({
      ...{ brokers: brokersOf(lab.stack()), items, ratePerSecond: rate, waitMs: 90_000 },
      onProgress: ({ sentItems, outcomes }) => {
        this.#sent = sentItems;
        progress.update(outcomes);
      },
    }).finally(() => progress.stop());
    // Awaited later; until then a failure must not end the process.
    this.finished.catch(() => undefined);
  }

  /** As of the last quarter of a second. */
  get sent(): number {
    return this.#sent;
  }

  release(): void {
    this.#isNeeded = false;
  }

  *#until(items: Iterable<TrafficItem>, least: number): Generator<TrafficItem> {
    let made = 0;
    for (const item of items) {
      if (made >= least && !this.#isNeeded) return;
      made += 1;
      yield item;
    }
  }
}
