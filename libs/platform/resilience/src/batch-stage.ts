export interface BatchStageOptions<T> {
  readonly work: (items: readonly T[]) => Promise<void>;
  readonly maxBatch: number;
  /** Batches worked on at once. */
  readonly maxInFlight: number;
  /** Milliseconds between the starts of two batches, unless a hundred items or more wait. */
  readonly minIntervalMs: number;
  /** Work that fails for good. */
  readonly onError: (error: unknown) => void;
}

/** As many waiting items are worth a batch at once. */
const denseItems = 100;

/** Gathers what is pushed while earlier batches are worked on, and takes it together: light load is fast, heavy load is dense. */
export class BatchStage<T> {
  readonly #options: BatchStageOptions<T>;
  #waiting: T[] = [];
  #inFlight = 0;
  #startedMs = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: BatchStageOptions<T>) {
    this.#options = options;
  }

  push(items: readonly T[]): void {
    for (const item of items) this.#waiting.push(item);
    this.#schedule();
  }

  #schedule(): void {
    const { maxInFlight, minIntervalMs } = this.#options;
    if (this.#timer !== undefined || this.#inFlight >= maxInFlight || this.#waiting.length === 0) return;
    const dueInMs = this.#waiting.length >= denseItems ? 0 : this.#startedMs + minIntervalMs - performance.now();
    this.#timer = setTimeout(
      () => {
        this.#timer = undefined;
        this.#start();
      },
      Math.max(0, dueInMs),
    );
  }

  #start(): void {
    const { work, maxBatch, onError } = this.#options;
    const batch = this.#waiting.length <= maxBatch ? this.#waiting : this.#waiting.slice(0, maxBatch);
    this.#waiting = this.#waiting.length <= maxBatch ? [] : this.#waiting.slice(maxBatch);
    this.#startedMs = performance.now();
    this.#inFlight++;
    work(batch).then(() => {
      this.#inFlight--;
      this.#schedule();
    }, onError);
    this.#schedule();
  }
}
