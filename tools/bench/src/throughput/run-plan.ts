import type { Clock } from '@fourway/kernel';

/** The longest an upstream may ask for after its request, milliseconds. */
export const longestExpiryMs = 10 * 60_000;

/** A request may be dated five minutes ahead of its record; the rest is for clocks and for batches under way. */
const aheadMs = 5 * 60_000 - 15_000;

/**
 * How far ahead of its turn a request may be produced. Dated `aheadMs` after its record it lives a quarter of an hour; a third of that is
 * left for a run that is slower than expected.
 */
const longestWaitMs = 10 * 60_000;

export interface RunPlanOptions {
  /** When the first request is expected to be read, milliseconds since the Unix epoch. */
  readonly startMs: number;
  /** Payments a second that the run is expected to make. */
  readonly perSecond: number;
  readonly clock: Clock;
}

/**
 * Dates requests that are produced before their turn: each is of the time at which it is expected to be read, as far as the rules for
 * upstreams allow (ids and times at most five minutes ahead of the record, expiry at most ten minutes after). As a clock it dates
 * the next request.
 */
export class RunPlan implements Clock {
  readonly #options: RunPlanOptions;
  #dated = 0;

  constructor(options: RunPlanOptions) {
    this.#options = options;
  }

  /** How many requests may lie ready unread; what is more would expire before its turn. */
  get mostWaiting(): number {
    return Math.floor((this.#options.perSecond * longestWaitMs) / 1_000);
  }

  /** The time of the request under way. */
  nowMs(): number {
    const { startMs, perSecond, clock } = this.#options;
    const dueMs = startMs + (this.#dated / perSecond) * 1_000;
    return Math.floor(Math.min(dueMs, clock.nowMs() + aheadMs));
  }

  /** The next request's turn. */
  advance(): void {
    this.#dated += 1;
  }
}
