import type { CutMark } from '@fourway/contracts';

const dayMs = 86_400_000;

/** The day after a date, both `YYYY-MM-DD`. */
export const dayAfter = (date: string): string => new Date(Date.parse(date) + dayMs).toISOString().slice(0, 10);

/**
 * What one outcomes partition has seen of the cuts, up to an offset. A date has ended here when all source partitions have marked it;
 * since each of them marks its dates in order, all earlier dates have ended then too. Never changes: a mark makes a new state.
 */
export class CutState {
  /** The last date that has ended here, `YYYY-MM-DD`; null before the first. */
  readonly closedThrough: string | null;
  /** Sources that have marked a date that has not ended. */
  readonly #marked: ReadonlyMap<string, ReadonlySet<number>>;
  readonly #openFrom: string;

  constructor(closedThrough: string | null, marked: ReadonlyMap<string, ReadonlySet<number>> = new Map()) {
    this.closedThrough = closedThrough;
    this.#marked = marked;
    this.#openFrom = closedThrough === null ? '' : dayAfter(closedThrough);
  }

  /** The cycle a fact of this business date settles in: its own, or where that has ended the open one. */
  cycleOf(businessDate: string): string {
    return businessDate > this.#openFrom ? businessDate : this.#openFrom;
  }

  /** Marks may come twice, and late: those change nothing. */
  with({ businessDate, sourcePartition, sourcePartitions }: CutMark): CutState {
    const { closedThrough } = this;
    if (closedThrough !== null && businessDate <= closedThrough) return this;
    const sources = new Set(this.#marked.get(businessDate)).add(sourcePartition);
    const marked = new Map(this.#marked).set(businessDate, sources);
    if (sources.size < sourcePartitions) return new CutState(closedThrough, marked);
    return new CutState(businessDate, new Map([...marked].filter(([date]) => date > businessDate)));
  }
}
