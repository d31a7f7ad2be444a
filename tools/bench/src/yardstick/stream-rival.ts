import { ratesOverTime } from '../figures/run-growth.ts';
import type { BenchDatabase } from '../rig/bench-database.ts';
import { misnamedRedis, strangeEngines } from '../rig/engine-processes.ts';
import type { Rig } from '../rig/rig.ts';
import type { RivalCaveats, RivalLatencyPart, RivalThroughputPart } from '../stream-figures.ts';
import { RivalWatch } from './rival-watch.ts';
import { Yardstick } from './yardstick.ts';

/** Long enough for the rival's percentiles, half of it warm-up. */
const rivalSeconds = 20;

/** The rival's side of the stream bench, on the engines the product ran on, while the product rests. */
export class StreamRival {
  readonly #rig: Rig;
  readonly #database: BenchDatabase;
  readonly #yardstick: Yardstick;

  constructor(path: string, rig: Rig, database: BenchDatabase) {
    this.#rig = rig;
    this.#database = database;
    this.#yardstick = new Yardstick(path, rig.stack);
  }

  async latency(rate: number): Promise<RivalLatencyPart> {
    const productAtRest = await this.#rest();
    const figures = await this.#yardstick.latency(rate, rivalSeconds);
    return { figures, ...this.#caveats(productAtRest) };
  }

  async throughput(payments: number): Promise<RivalThroughputPart> {
    const productAtRest = await this.#rest();
    const run = String(Date.now());
    const watch = await RivalWatch.begin(this.#rig.stack, run);
    try {
      const figures = await this.#yardstick.throughput(payments, run);
      const curve = ratesOverTime(watch.samples, 'decided', Math.max(1, figures.seconds / 150));
      return { figures, curve, ...this.#caveats(productAtRest) };
    } finally {
      await watch.stop();
    }
  }

  async #rest(): Promise<RivalCaveats['productAtRest']> {
    const productAtRest = await this.#rig.rest();
    await this.#database.checkpoint();
    return productAtRest;
  }

  #caveats(productAtRest: RivalCaveats['productAtRest']): RivalCaveats {
    const { engines } = this.#rig;
    return { productAtRest, strangeEngines: strangeEngines(engines), withoutRedis: misnamedRedis(engines) };
  }
}
