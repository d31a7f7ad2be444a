import { setTimeout as sleep } from 'node:timers/promises';
import type { EachBatchPayload } from 'kafkajs';
import type { Assignment } from './assignment.ts';
import type { BatchPump } from './batch-pump.ts';
import { parseFetchedBatches, parseFetchedOffset } from './group-member.ts';
import type { Lanes } from './lanes.ts';
import type { PartitionLane } from './partition-lane.ts';
import type { FetchedBatch } from './record-batch/fetched-batch.ts';
import type { RecordBudget } from './record-budget.ts';

export interface AdmissionOptions {
  readonly lanes: Lanes;
  readonly budget: RecordBudget;
  readonly pump: BatchPump;
  readonly assignment: Pick<Assignment, 'refuse'>;
  readonly heartbeatMs: number;
  /** Milliseconds between a fetch that brought little and the next one. */
  readonly fetchPauseMs: number;
  /** A partition whose position moved without us has its old one committed again. */
  readonly onMoved: (lane: PartitionLane) => void;
}

/** As many records of one partition in one fetch are worth fetching on at once. */
const denseRecords = 100;

/**
 * Milliseconds between a fetch that brought so many records of one partition and the next one. Up to twice as long where more comes:
 * what a batch costs whatever it holds is then spread over more records, in time before the machine is full and each step waits for a core.
 */
export const pauseAfter = (count: number, fetchPauseMs: number): number =>
  count >= denseRecords ? 0 : Math.min(2 * fetchPauseMs, Math.max(fetchPauseMs, count));

/** Takes fetched records in and lets kafkajs fetch on, unless too many records are open: then it holds the fetch, and the session. */
export class Admission {
  readonly #options: AdmissionOptions;
  #isClosed = false;

  constructor(options: AdmissionOptions) {
    this.#options = options;
  }

  close(): void {
    this.#isClosed = true;
    this.#options.budget.wake();
  }

  async admit(payload: EachBatchPayload): Promise<void> {
    const { batch } = payload;
    const lane = this.#options.lanes.get(batch);
    if (lane?.state !== 'reading' || this.#isClosed || payload.isStale()) return;
    const fetched = parseFetchedOffset(batch);
    if (fetched !== lane.fetchedTo) {
      this.#options.assignment.refuse(
        lane,
        `position ${lane.fetchedTo} left the log while it was read; the client moved to ${fetched}`,
      );
      this.#options.onMoved(lane);
      return;
    }
    lane.highWatermark = BigInt(batch.highWatermark);
    const batches = parseFetchedBatches(batch).map((each) => each.skipBelow(fetched));
    const count = batches.reduce((sum, { left }) => sum + left, 0);
    lane.fetched(BigInt(batch.lastOffset()) + 1n, count);
    if (!(await this.#admitAll(lane, batches, payload))) return;
    const last = batch.messages.at(-1);
    if (last !== undefined) payload.resolveOffset(last.offset);
    // kafkajs fetches again when all partitions of a fetch have returned, so this paces the fetches.
    const pauseMs = pauseAfter(count, this.#options.fetchPauseMs);
    if (pauseMs > 0) await sleep(pauseMs);
  }

  /** False when the lane was closed on the way: the rest belongs to its next owner. */
  async #admitAll(lane: PartitionLane, batches: readonly FetchedBatch[], payload: EachBatchPayload): Promise<boolean> {
    const { budget, pump, heartbeatMs } = this.#options;
    for (const batch of batches) {
      for (let wanted = batch.left; wanted > 0;) {
        const count = budget.take(wanted);
        if (count > 0) {
          pump.push({ lane, batch, count });
          wanted -= count;
          continue;
        }
        await budget.room(heartbeatMs);
        // Throws when the group rebalances, which is how kafkajs learns to join again.
        await payload.heartbeat();
        if (lane.state !== 'reading' || this.#isClosed) return false;
      }
    }
    return true;
  }
}
