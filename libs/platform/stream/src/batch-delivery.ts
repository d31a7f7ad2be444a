import { setTimeout as sleep } from 'node:timers/promises';
import { SendFailedError } from './event-producer.ts';
import { LaneRecord } from './partition-lane.ts';
import { errorText, type StreamLogger } from './stream-logger.ts';
import type { StreamMetrics } from './stream-metrics.ts';
import type { DeadLetterReason, StreamBatch, StreamRecord } from './stream-record.ts';

export interface BatchDeliveryOptions {
  readonly handle: (batch: StreamBatch) => Promise<void>;
  /** True: a resolved handler means that all its records are done. */
  readonly handleAll: boolean;
  readonly isTransient: (error: unknown) => boolean;
  readonly setAside: (record: LaneRecord, reason: DeadLetterReason) => void;
  readonly logger: StreamLogger;
  readonly metrics: StreamMetrics;
}

const firstPauseMs = 50;
const longestPauseMs = 2_000;

/**
 * Hands a batch to the handler and owns what happens when that throws: a transient fault repeats the batch until it passes
 * (the stall limit ends the process before that takes for ever); anything else is hunted down by halving the batch until the
 * record that causes it stands alone, and that one is set aside.
 */
export class BatchDelivery {
  readonly #options: BatchDeliveryOptions;
  #isClosed = false;

  constructor(options: BatchDeliveryOptions) {
    this.#options = options;
  }

  /** Never rejects. */
  async deliver(records: readonly LaneRecord[], turn: Promise<void>): Promise<void> {
    const parts: (readonly LaneRecord[])[] = [records];
    let pauseMs = firstPauseMs;
    for (let part = parts.shift(); part !== undefined; part = parts.shift()) {
      const outcome = await this.#attempt(part, turn);
      if (outcome === 'handled') {
        pauseMs = firstPauseMs;
        continue;
      }
      const left = part.filter((record) => record.isOpen && !record.isDeadLetter);
      if (outcome.isTransient) {
        await sleep(pauseMs);
        pauseMs = Math.min(pauseMs * 2, longestPauseMs);
        if (!this.#isClosed) parts.unshift(left.filter((record) => record.isOpen));
      } else parts.unshift(...this.#narrow(left, outcome.error));
    }
  }

  /** Ends the retries; what is not done stays uncommitted. */
  close(): void {
    this.#isClosed = true;
  }

  async #attempt(
    records: readonly LaneRecord[],
    turn: Promise<void>,
  ): Promise<'handled' | { error: unknown; isTransient: boolean }> {
    if (records.length === 0) return 'handled';
    const { handle, handleAll, metrics, logger } = this.#options;
    const startedAt = performance.now();
    try {
      await handle(new Batch(records, turn, this.#options.setAside));
      if (handleAll) for (const record of records) if (!record.isDeadLetter) record.done();
      metrics.batchHandled(records.length, performance.now() - startedAt);
      return 'handled';
    } catch (error) {
      const isTransient = this.#isTransient(error);
      metrics.count(isTransient ? 'handler_retries' : 'handler_failures');
      logger.warn(
        { records: records.length, isTransient, error: error instanceof Error ? error.name : typeof error },
        'batch failed',
      );
      return { error, isTransient };
    }
  }

  #narrow(records: readonly LaneRecord[], error: unknown): (readonly LaneRecord[])[] {
    const [first, second] = records;
    if (first === undefined) return [];
    if (second === undefined) {
      this.#options.setAside(first, { code: 'handler_failed', detail: errorText(error) });
      return [];
    }
    const middle = records.length >> 1;
    return [records.slice(0, middle), records.slice(middle)];
  }

  #isTransient(error: unknown): boolean {
    if (error instanceof SendFailedError) return error.retryable;
    return this.#options.isTransient(error);
  }
}

class Batch implements StreamBatch {
  readonly records: readonly LaneRecord[];
  readonly turn: Promise<void>;
  readonly #setAside: BatchDeliveryOptions['setAside'];

  constructor(records: readonly LaneRecord[], turn: Promise<void>, setAside: BatchDeliveryOptions['setAside']) {
    this.records = records;
    this.turn = turn;
    this.#setAside = setAside;
  }

  done(record: StreamRecord): void {
    ownRecord(record).done();
  }

  deadLetter(record: StreamRecord, reason: DeadLetterReason): void {
    this.#setAside(ownRecord(record), reason);
  }
}

const ownRecord = (record: StreamRecord): LaneRecord => {
  if (record instanceof LaneRecord) return record;
  throw new TypeError('a batch takes back the record objects it handed over, not copies of them');
};
