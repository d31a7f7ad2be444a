import { sleep } from '@fourway/kernel';
import type { Lab } from '../lab/lab.ts';

const everyMs = 100;
const lostWindows = /^switch_card_windows_lost(?:\{[^}]*\})? (\d+)/m;

/** Asks risk-scoring's own metrics which of its windows are missing. */
export class WindowWatch {
  readonly #lab: Lab;
  readonly #running: Promise<void>;
  #isNeeded = true;
  #lostMs: number[] = [];
  #lastWholeMs = 0;

  constructor(lab: Lab) {
    this.#lab = lab;
    this.#running = this.#run();
  }

  /** True once all windows were there after that instant. */
  isWholeSince(atMs: number): boolean {
    return this.#lastWholeMs > atMs;
  }

  /** From the first to the last moment at which windows were missing; milliseconds since the Unix epoch. */
  get lost(): { readonly fromMs: number; readonly toMs: number } | undefined {
    const [fromMs] = this.#lostMs;
    const toMs = this.#lostMs.at(-1);
    return fromMs === undefined || toMs === undefined ? undefined : { fromMs, toMs };
  }

  async stop(): Promise<void> {
    this.#isNeeded = false;
    await this.#running;
  }

  async #run(): Promise<void> {
    while (this.#isNeeded) {
      const atMs = Date.now();
      if (await this.#isWhole()) this.#lastWholeMs = atMs;
      else this.#lostMs.push(atMs);
      await sleep(everyMs);
    }
  }

  async #isWhole(): Promise<boolean> {
    const replicas = this.#lab.stack().services['risk-scoring']?.replicas ?? [];
    const lost = await Promise.all(replicas.map(({ metricsUrl }) => lostAt(metricsUrl)));
    return lost.every((windows) => windows === 0);
  }
}

async function lostAt(metricsUrl: string): Promise<number> {
  try {
    const response = await fetch(metricsUrl, { signal: AbortSignal.timeout(1_000) });
    return Number(lostWindows.exec(await response.text())?.[1] ?? Infinity);
  } catch {
    return Infinity;
  }
}
