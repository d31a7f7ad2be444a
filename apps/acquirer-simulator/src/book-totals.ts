import type { BookEntry } from './book-entry.ts';

/** Count and sum of the lines of one type and status. */
export interface BookTotal {
  readonly type: BookEntry['type'];
  readonly status: BookEntry['status'];
  readonly count: number;
  /** Minor units, as text: JSON has no integers of this size. */
  readonly amountMinor: string;
}

/** Sums over the whole book, kept as lines are added. */
export class BookTotals {
  readonly #sums = new Map<string, { entry: BookEntry; count: number; amountMinor: bigint }>();

  add(entry: BookEntry): void {
    const key = `${entry.type} ${entry.status}`;
    const sum = this.#sums.get(key);
    if (sum === undefined) {
      this.#sums.set(key, { entry, count: 1, amountMinor: entry.amountMinor });
      return;
    }
    sum.count += 1;
    sum.amountMinor += entry.amountMinor;
  }

  list(): BookTotal[] {
    return [...this.#sums.values()].map(({ entry: { type, status }, count, amountMinor }) => ({
      type,
      status,
      count,
      amountMinor: String(amountMinor),
    }));
  }
}
