export interface BatchStageOptions<T> {
  readonly work: (items: readonly T[]) => Promise<void>;
  readonly maxBatch: number;
  /** Batches worked on at once. */
  readonly maxInFlight: number;
  /** Work that fails for good. */
  readonly onError: (error: unknown) => void;
}

/** Gathers what is pushed while earlier batches are worked on, and takes it together: light load is fast, heavy load is dense. */
export class BatchStage<T> {
  readonly #options: BatchStageOptions<T>;
  #waiting: T[] = [];
  #inFlight = 0;
  #isScheduled = false;

  constructor(options: BatchStageOptions<T>) {
    this.#options = options;
  }

  push(items: readonly T[]): void {
    if (items.length === 0) return;
    for (const item of items) this.#waiting.push(item);
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    // What else this turn of the event loop brings goes into the same batch.
    setImmediate(() => {
      this.#isScheduled = false;
      this.#pump();
    });
  }

  #pump(): void {
    const { work, maxBatch, maxInFlight, onError } = this.#options;
    while (this.#waiting.length > 0 && this.#inFlight < maxInFlight) {
      const batch = this.#waiting.length <= maxBatch ? this.#waiting : this.#waiting.slice(0, maxBatch);
      this.#waiting = this.#waiting.length <= maxBatch ? [] : this.#waiting.slice(maxBatch);
      this.#inFlight++;
      work(batch).then(() => {
        this.#inFlight--;
        this.#pump();
      }, onError);
    }
  }
}
