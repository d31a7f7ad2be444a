import type { Quotas } from './quotas.ts';

/** Sales are counted over this long, milliseconds of the broker's clock. */
export const quotaWindowMs = 5_000;

/**
 * How many sales of one upstream one partition lets through in a window. Ids fall on partitions by their hash, so an even part would
 * refuse an upstream that keeps to its quota whenever one partition gets a few more: two standard deviations come on top.
 * @param perSecond the upstream's quota over all partitions
 */
export function salesInWindow(perSecond: number, partitions: number): number {
  const even = (perSecond * quotaWindowMs) / 1_000 / partitions;
  return Math.ceil(even + 2 * Math.sqrt(even));
}

/**
 * Counts the sales that upstreams with a quota offer in one partition, by the time at which the broker appended them. Everything
 * offered counts, let through or not: so a count that begins later in the log is never ahead of one that began before, and whoever
 * takes a partition over refuses nothing that his predecessor let through.
 */
export class OfferedSales {
  readonly #limits: ReadonlyMap<string, number>;
  #counts = new Map<string, number>();
  #window = -1;

  constructor(quotas: Quotas, partitions: number) {
    this.#limits = new Map(
      [...quotas].map(([upstreamId, perSecond]) => [upstreamId, salesInWindow(perSecond, partitions)]),
    );
  }

  /** Counts one sale, in the order of the log; false where the upstream has used up its window. */
  isWithinQuota(upstreamId: string, recordedAtMs: number): boolean {
    const limit = this.#limits.get(upstreamId);
    if (limit === undefined) return true;
    this.#moveTo(recordedAtMs);
    const count = (this.#counts.get(upstreamId) ?? 0) + 1;
    this.#counts.set(upstreamId, count);
    return count <= limit;
  }

  /** Only ever forward: a broker's clock that is set back prolongs the window and opens none a second time. */
  #moveTo(recordedAtMs: number): void {
    const window = Math.floor(recordedAtMs / quotaWindowMs);
    if (window <= this.#window) return;
    this.#window = window;
    this.#counts = new Map();
  }
}
