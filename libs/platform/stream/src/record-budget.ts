/** Bounds the records that were admitted and are not done. Whoever finds no room waits in line. */
export class RecordBudget {
  readonly #limit: number;
  readonly #wakeBelow: number;
  #openCount = 0;
  #waiting: (() => void)[] = [];

  constructor(limit: number) {
    this.#limit = limit;
    // Waking for every single record done would admit records one by one.
    this.#wakeBelow = limit - Math.max(1, limit >> 3);
  }

  get openCount(): number {
    return this.#openCount;
  }

  /** Takes up to `wanted` places; returns how many were free. */
  take(wanted: number): number {
    const granted = Math.max(0, Math.min(wanted, this.#limit - this.#openCount));
    this.#openCount += granted;
    return granted;
  }

  release(count: number): void {
    this.#openCount -= count;
    if (this.#waiting.length > 0 && this.#openCount <= this.#wakeBelow) this.wake();
  }

  /** Lets everyone in line look again. */
  wake(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const look of waiting) look();
  }

  /** Resolves when there may be room, at the latest after `timeoutMs`. */
  async room(timeoutMs: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, timeoutMs);
      this.#waiting.push(() => {
        clearTimeout(timer);
        resolve();
      });
    });
  }
}
