import type { Timeline } from './timeline.ts';

interface Job {
  leftMs: number;
  readonly done: () => void;
}

/** What a scheduler lets one run before it is another's turn, milliseconds. */
const sliceMs = 3;

/** Cores that are given out in slices, in turn. */
export class Cores {
  readonly #timeline: Timeline;
  readonly #waiting: Job[] = [];
  readonly #count: number;
  #busy = 0;
  #busyMs = 0;

  constructor(timeline: Timeline, count: number) {
    this.#timeline = timeline;
    this.#count = count;
  }

  /** Milliseconds of work of all cores together. */
  get busyMs(): number {
    return this.#busyMs;
  }

  get capacity(): number {
    return this.#count;
  }

  work(ms: number, done: () => void): void {
    this.#waiting.push({ leftMs: ms, done });
    this.#next();
  }

  #next(): void {
    if (this.#busy >= this.#count) return;
    const job = this.#waiting.shift();
    if (job === undefined) return;
    this.#busy += 1;
    // Nobody else waits: the slice need not end.
    const runMs = this.#waiting.length === 0 && this.#busy < this.#count ? job.leftMs : Math.min(job.leftMs, sliceMs);
    this.#timeline.after(runMs, () => this.#ran(job, runMs));
  }

  #ran(job: Job, runMs: number): void {
    this.#busy -= 1;
    this.#busyMs += runMs;
    job.leftMs -= runMs;
    if (job.leftMs > 1e-9) this.#waiting.push(job);
    this.#next();
    if (job.leftMs <= 1e-9) job.done();
  }
}

/** Servers that take jobs in order, each job one server until it is done; they work on cores that others may need too. */
export class Station {
  readonly #cores: Cores;
  readonly #waiting: Job[] = [];
  readonly #servers: number;
  #busy = 0;

  constructor(servers: number, cores: Cores) {
    this.#servers = servers;
    this.#cores = cores;
  }

  work(ms: number, done: () => void): void {
    this.#waiting.push({ leftMs: ms, done });
    this.#next();
  }

  #next(): void {
    if (this.#busy >= this.#servers) return;
    const job = this.#waiting.shift();
    if (job === undefined) return;
    this.#busy += 1;
    this.#cores.work(job.leftMs, () => {
      this.#busy -= 1;
      this.#next();
      job.done();
    });
  }
}
