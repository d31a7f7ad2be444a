import { appendFileSync } from 'node:fs';
import { grouped, toJson } from '@fourway/cli';
import { sleep, SwitchError } from '@fourway/kernel';
import { offsetsOf } from '../rig/rig.ts';
import type { RunSample } from './run-sample.ts';
import { since, takeSample, type Sampled } from './take-sample.ts';

export interface RunWatchOptions extends Omit<Sampled, 'offsets'> {
  /** Requests that were there before the run began, and are its. */
  readonly preloaded: number;
  /** Milliseconds from one sample to the next. */
  readonly everyMs: number;
  /** Where samples are written as they come, one JSON object a line. */
  readonly file?: string;
}

/** Samples a run from `begin` to `end`, beside whoever counts its rows. */
export class RunWatch {
  readonly #options: RunWatchOptions & Sampled;
  readonly #samples: RunSample[] = [];
  readonly #stopping = Promise.withResolvers<undefined>();
  readonly #start: RunSample;
  #isStopped = false;
  #running: Promise<void> = Promise.resolve();
  #failure: Error | null = null;

  private constructor(options: RunWatchOptions & Sampled, start: RunSample) {
    this.#options = options;
    this.#start = { ...start, requested: start.requested - options.preloaded };
    this.#samples.push(since(this.#start, start));
  }

  static async begin(options: RunWatchOptions): Promise<RunWatch> {
    const sampled = { ...options, offsets: await offsetsOf(options.stack) };
    const watch = new RunWatch(sampled, await takeSample(sampled));
    watch.#running = watch.#run();
    return watch;
  }

  /** @throws SwitchError `stalled` when a request expired or was refused: what the run measures is no longer its task */
  assertSound(): void {
    if (this.#failure !== null) throw this.#failure;
    const last = this.#samples.at(-1);
    if (last === undefined || last.expired + last.refused === 0) return;
    throw new SwitchError(
      'stalled',
      `${grouped(last.expired)} payments expired and ${grouped(last.refused)} were refused: no figure. The run is slower than its requests were dated for; give --expected-rate`,
    );
  }

  /** Takes the last sample and returns all. */
  async end(): Promise<readonly RunSample[]> {
    await this.#halt();
    await this.#take();
    this.assertSound();
    return this.#samples;
  }

  /** After `end`, or instead of it. */
  async close(): Promise<void> {
    await this.#halt();
    await this.#options.offsets.close();
  }

  async #halt(): Promise<void> {
    this.#isStopped = true;
    this.#stopping.resolve(undefined);
    await this.#running;
  }

  async #run(): Promise<void> {
    const { everyMs } = this.#options;
    for (;;) {
      await Promise.race([sleep(everyMs), this.#stopping.promise]);
      if (this.#isStopped) return;
      try {
        await this.#take();
      } catch (error) {
        this.#failure = error instanceof Error ? error : new Error(String(error));
        return;
      }
    }
  }

  async #take(): Promise<void> {
    const sample = since(this.#start, await takeSample(this.#options));
    this.#samples.push(sample);
    if (this.#options.file !== undefined) appendFileSync(this.#options.file, `${toJson(sample)}\n`);
  }
}
