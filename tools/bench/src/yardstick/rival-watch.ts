import { grouped } from '@fourway/cli';
import { sleep } from '@fourway/kernel';
import type { StackDescription } from '@fourway/stack';
import type { EndOffsetReader } from '@fourway/platform-stream';
import { offsetsOf } from '../rig/rig.ts';

interface RivalSample {
  readonly atMs: number;
  /** Outcomes in the rival's topic. */
  readonly decided: number;
}

const everyMs = 2_000;
const sayEveryMs = 10_000;

/** Follows how far the rival is by the topics that its run is named after; it says nothing by itself until it is through. */
export class RivalWatch {
  readonly #samples: RivalSample[] = [];
  readonly #offsets: EndOffsetReader;
  readonly #run: string;
  readonly #running: Promise<void>;
  #isStopped = false;

  private constructor(offsets: EndOffsetReader, run: string) {
    this.#offsets = offsets;
    this.#run = run;
    this.#running = this.#watch();
  }

  /** @param run what its topics are named after */
  static async begin(stack: Pick<StackDescription, 'kafka'>, run: string): Promise<RivalWatch> {
    return new RivalWatch(await offsetsOf(stack), run);
  }

  get samples(): readonly RivalSample[] {
    const first = this.#samples.findIndex(({ decided }) => decided > 0);
    return this.#samples.slice(Math.max(0, first - 1));
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    await this.#running;
    await this.#offsets.close();
  }

  async #watch(): Promise<void> {
    let saidMs = performance.now();
    while (!this.#isStopped) {
      await sleep(everyMs);
      const [preloaded, decided] = await Promise.all([this.#records('requested'), this.#records('outcomes')]);
      if (decided === null || preloaded === null) continue;
      this.#samples.push({ atMs: Date.now(), decided });
      if (performance.now() - saidMs < sayEveryMs) continue;
      saidMs = performance.now();
      console.log(`yardstick: ${grouped(preloaded)} requests preloaded, ${grouped(decided)} decided`);
    }
  }

  /** Null before the rival has made its topics and after it has removed them. */
  async #records(topic: 'requested' | 'outcomes'): Promise<number | null> {
    try {
      return await this.#offsets.recordsIn(`${topic}-${this.#run}`);
    } catch {
      return null;
    }
  }
}
