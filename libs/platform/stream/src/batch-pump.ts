import type { LaneRecord, PartitionLane } from './partition-lane.ts';
import type { FetchedBatch } from './record-batch/fetched-batch.ts';
import type { RecordBudget } from './record-budget.ts';

/** The next `count` records of a batch that was fetched from a lane. They are read when they go into a micro-batch. */
export interface WaitingRecords {
  readonly lane: PartitionLane;
  readonly batch: FetchedBatch;
  readonly count: number;
}

export interface BatchPumpOptions {
  readonly maxBatch: number;
  readonly maxInFlight: number;
  readonly budget: RecordBudget;
  /** Must not reject. `turn` comes when all earlier batches have been delivered. */
  readonly deliver: (records: LaneRecord[], turn: Promise<void>) => Promise<void>;
}

/**
 * Makes one micro-batch of whatever waits, from all partitions: of everything one turn of the event loop brought when there
 * is little to do, and of all that queued up behind the running handlers when there is much.
 */
export class BatchPump {
  readonly #options: BatchPumpOptions;
  #queue: WaitingRecords[] = [];
  #inFlight = 0;
  #isScheduled = false;
  #turn = Promise.resolve();

  constructor(options: BatchPumpOptions) {
    this.#options = options;
  }

  get inFlight(): number {
    return this.#inFlight;
  }

  push(records: WaitingRecords): void {
    this.#queue.push(records);
    if (this.#isScheduled || this.#inFlight >= this.#options.maxInFlight) return;
    this.#isScheduled = true;
    setImmediate(() => {
      this.#isScheduled = false;
      this.#pump();
    });
  }

  /** Drops what no handler has seen yet; those offsets stay uncommitted. */
  discardWaiting(): void {
    const waiting = this.#queue;
    this.#queue = [];
    for (const { count } of waiting) this.#options.budget.release(count);
  }

  #pump(): void {
    while (this.#inFlight < this.#options.maxInFlight) {
      const records = this.#take();
      if (records.length === 0) return;
      this.#inFlight++;
      void this.#deliver(records).finally(() => {
        this.#inFlight--;
        this.#pump();
      });
    }
  }

  #deliver(records: LaneRecord[]): Promise<void> {
    const turn = this.#turn;
    const delivered = this.#options.deliver(records, turn);
    this.#turn = bothDone(turn, delivered);
    return delivered;
  }

  #take(): LaneRecord[] {
    const taken: LaneRecord[] = [];
    let consumed = 0;
    for (const { lane, batch, count } of this.#queue) {
      const room = this.#options.maxBatch - taken.length;
      if (room === 0) break;
      if (lane.state === 'closed') this.#options.budget.release(count);
      else for (const record of lane.read(batch, Math.min(count, room))) taken.push(record);
      if (count > room && lane.state !== 'closed') {
        this.#queue[consumed] = { lane, batch, count: count - room };
        break;
      }
      consumed++;
    }
    this.#queue.splice(0, consumed);
    return taken;
  }
}

async function bothDone(one: Promise<void>, other: Promise<void>): Promise<void> {
  await one;
  await other;
}
