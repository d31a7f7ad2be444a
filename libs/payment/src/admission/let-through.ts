import { NumberSet } from './number-set.ts';

/** Milliseconds of the broker's clock for which an operation that was let through is known, at least; at most twice as long. */
export const rememberedForMs = 60_000;

/**
 * The operations that were let through lately. A copy of one is let through again: the first may be claimed, and must not be told that
 * there is no room for it. Keeps 48 random bits of an id; two that share them cost nothing but a sale more let through.
 */
export class LetThrough {
  #newer = new NumberSet();
  #older = new NumberSet();
  #period = -1;

  add(operationId: string, recordedAtMs: number): void {
    this.#moveTo(recordedAtMs);
    this.#newer.add(keyOf(operationId));
  }

  has(operationId: string, recordedAtMs: number): boolean {
    this.#moveTo(recordedAtMs);
    const key = keyOf(operationId);
    return this.#newer.has(key) || this.#older.has(key);
  }

  #moveTo(recordedAtMs: number): void {
    const period = Math.floor(recordedAtMs / rememberedForMs);
    if (period <= this.#period) return;
    this.#older = period === this.#period + 1 ? this.#newer : new NumberSet();
    this.#newer = new NumberSet();
    this.#period = period;
  }
}

/** The last twelve hex digits of a UUID. */
const keyOf = (operationId: string): number => Number.parseInt(operationId.slice(24), 16);
