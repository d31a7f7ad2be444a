import type { PartitionLane } from './partition-lane.ts';

export interface WatchdogOptions {
  readonly sessionTimeoutMs: number;
  readonly stallTimeoutMs: number;
}

export interface Vitals {
  readonly nowMs: number;
  readonly lastActivityMs: number;
  readonly lanes: readonly PartitionLane[];
}

interface Sighting {
  readonly mark: string;
  readonly sinceMs: number;
}

// A process that was suspended (or starved) has proved nothing about its broker; it gets one full period to prove it.
const suspendedAfterMs = 5_000;

/** Tells progress and proven idleness from everything else: a consumer that merely exists is not alive. */
export class Watchdog {
  readonly #options: WatchdogOptions;
  #seen = new WeakMap<PartitionLane, Sighting>();
  #lastCheckMs = 0;
  #graceUntilMs = 0;
  #lastProgressMs = 0;

  constructor(options: WatchdogOptions) {
    this.#options = options;
  }

  get lastProgressMs(): number {
    return this.#lastProgressMs;
  }

  /** To be called about once a second; returns what is wrong, or undefined. */
  check({ nowMs, lastActivityMs, lanes }: Vitals): string | undefined {
    const silenceMs = this.#options.sessionTimeoutMs * 2;
    if (this.#lastCheckMs > 0 && nowMs - this.#lastCheckMs > suspendedAfterMs) {
      this.#graceUntilMs = nowMs + silenceMs;
      this.#seen = new WeakMap();
    }
    this.#lastCheckMs = nowMs;
    const stalled = lanes.map((lane) => this.#judge(lane, nowMs)).find((reason) => reason !== undefined);
    if (stalled !== undefined) return stalled;
    if (nowMs > this.#graceUntilMs && nowMs - lastActivityMs > silenceMs)
      return `no fetch and no heartbeat for ${nowMs - lastActivityMs} ms`;
    return undefined;
  }

  #judge(lane: PartitionLane, nowMs: number): string | undefined {
    const mark = `${lane.state} ${lane.tracker.passedCount} ${lane.tracker.committable}`;
    const seen = this.#seen.get(lane);
    if (seen?.mark !== mark || isIdle(lane)) {
      if (seen !== undefined && seen.mark !== mark) this.#lastProgressMs = nowMs;
      this.#seen.set(lane, { mark, sinceMs: nowMs });
      return undefined;
    }
    if (nowMs - seen.sinceMs <= this.#options.stallTimeoutMs) return undefined;
    const where = `${lane.topic}/${lane.partition} at offset ${lane.tracker.committable}`;
    return `no progress for ${nowMs - seen.sinceMs} ms: ${where}, ${lane.state}, ${lane.tracker.openCount} records open, ${lane.lagRecords} behind`;
  }
}

// A refused partition waits for an operator: restarting the process would not heal it.
const isIdle = (lane: PartitionLane): boolean =>
  lane.state === 'refused' ||
  lane.state === 'closed' ||
  (lane.state === 'reading' && lane.tracker.openCount === 0 && lane.lagRecords === 0);
