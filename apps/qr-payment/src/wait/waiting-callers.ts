/** A caller is held no longer than its own deadline; past this many, callers are answered at once with what is known. */
const maxWaiting = 20_000;

/** Callers that wait for something to happen to an order or a payment, by its key. A wake-up is a hint: who is woken reads again. */
export class WaitingCallers {
  readonly #closing: AbortSignal;
  readonly #byKey = new Map<string, Set<() => void>>();
  #count = 0;
  readonly #arrivals = new Set<() => void>();

  /** @param closing wakes everybody, and lets nobody wait any more */
  constructor(closing: AbortSignal) {
    this.#closing = closing;
    closing.addEventListener('abort', () => this.wakeAll(), { once: true });
  }

  get count(): number {
    return this.#count;
  }

  /** Resolves while somebody waits: at once, when one comes, or after `ms` milliseconds without any. */
  async somebody(ms: number): Promise<void> {
    if (this.#count > 0 || this.#closing.aborted) return;
    await new Promise<void>((resolve) => {
      const arrived = (): void => {
        clearTimeout(timer);
        this.#arrivals.delete(arrived);
        resolve();
      };
      const timer = setTimeout(arrived, ms);
      this.#arrivals.add(arrived);
    });
  }

  has(key: string): boolean {
    return this.#byKey.has(key);
  }

  /** Begins to listen at once, so that nothing between this call and `within` is missed. */
  listen(key: string): Listener {
    return new Listener((wake) => this.#add(key, wake));
  }

  get isOpen(): boolean {
    return !this.#closing.aborted && this.#count < maxWaiting;
  }

  wake(key: string): void {
    for (const wake of this.#byKey.get(key) ?? []) wake();
  }

  wakeAll(): void {
    for (const key of this.#byKey.keys()) this.wake(key);
    for (const arrived of this.#arrivals) arrived();
  }

  #add(key: string, wake: () => void): () => void {
    const there = this.#byKey.get(key) ?? new Set();
    this.#byKey.set(key, there.add(wake));
    this.#count++;
    for (const arrived of this.#arrivals) arrived();
    return () => {
      if (!there.delete(wake)) return;
      this.#count--;
      if (there.size === 0) this.#byKey.delete(key);
    };
  }
}

/** One caller's ear. */
export class Listener {
  readonly #remove: () => void;
  #wasWoken = false;
  #wake: (() => void) | undefined;

  constructor(add: (wake: () => void) => () => void) {
    this.#remove = add(() => {
      this.#wasWoken = true;
      this.#wake?.();
    });
  }

  /** Resolves when woken, now if it was since the last call, or after `ms` milliseconds. */
  async within(ms: number): Promise<void> {
    if (!this.#wasWoken) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, ms);
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
      this.#wake = undefined;
    }
    this.#wasWoken = false;
  }

  end(): void {
    this.#remove();
  }
}
