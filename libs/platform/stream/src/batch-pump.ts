import type { LaneRecord } from './partition-lane.ts';
import type { RecordBudget } from './record-budget.ts';

export interface BatchPumpOptions {
  readonly maxBatch: number;
  readonly maxInFlight: number;
  /** Milliseconds between the starts of two batches that are not dense. */
  readonly minIntervalMs: number;
  readonly budget: RecordBudget;
  /** Must not reject. */
  readonly deliver: (records: LaneRecord[]) => Promise<void>;
}

/** As many waiting records are worth a batch at once. */
const denseRecords = 256;

/**
 * Makes one micro-batch of whatever waits, from all partitions. A lone record is handed over at once; under load batches start at
 * least `minIntervalMs` apart unless many records wait, because what a batch costs whatever its size is what light load pays for.
 */
export class BatchPump {
  readonly #options: BatchPumpOptions;
  #queue: LaneRecord[][] = [];
  #waiting = 0;
  #inFlight = 0;
  #startedMs = 0;
  #timer: NodeJS.Timeout | undefined;
  #isScheduled = false;

  constructor(options: BatchPumpOptions) {
    this.#options = options;
  }

  get inFlight(): number {
    return this.#inFlight;
  }

  push(records: LaneRecord[]): void {
    this.#queue.push(records);
    this.#waiting += records.length;
    this.#schedule();
  }

  /** Drops what no handler has seen yet; those offsets stay uncommitted. */
  discardWaiting(): void {
    const waiting = this.#queue;
    this.#queue = [];
    this.#waiting = 0;
    for (const records of waiting) this.#options.budget.release(records.length);
  }

  /** What else this turn of the event loop, or the rest of the interval, brings goes into the same batch. */
  #schedule(): void {
    if (this.#isScheduled || this.#inFlight >= this.#options.maxInFlight || this.#queue.length === 0) return;
    const dueInMs = this.#startedMs + this.#options.minIntervalMs - performance.now();
    if (dueInMs <= 0 || this.#waiting >= denseRecords) {
      clearTimeout(this.#timer);
      this.#timer = undefined;
      this.#isScheduled = true;
      setImmediate(() => {
        this.#isScheduled = false;
        this.#start();
      });
    } else
      this.#timer ??= setTimeout(() => {
        this.#timer = undefined;
        this.#startedMs = 0;
        this.#schedule();
      }, dueInMs);
  }

  #start(): void {
    if (this.#inFlight >= this.#options.maxInFlight) return;
    const records = this.#take();
    this.#waiting -= records.length;
    if (records.length === 0) return;
    this.#startedMs = performance.now();
    this.#inFlight++;
    void this.#options.deliver(records).finally(() => {
      this.#inFlight--;
      this.#schedule();
    });
    this.#schedule();
  }

  #take(): LaneRecord[] {
    const taken: LaneRecord[] = [];
    let consumed = 0;
    for (const records of this.#queue) {
      const room = this.#options.maxBatch - taken.length;
      if (room === 0) break;
      if (records[0]?.lane.state === 'closed') {
        this.#options.budget.release(records.length);
        this.#waiting -= records.length;
      } else if (records.length <= room) taken.push(...records);
      else {
        taken.push(...records.slice(0, room));
        this.#queue[consumed] = records.slice(room);
        break;
      }
      consumed++;
    }
    this.#queue.splice(0, consumed);
    return taken;
  }
}
