export interface PeriodicOptions {
  readonly everyMs: number;
  readonly work: () => Promise<void>;
  /** Work that failed; it is tried again next time. */
  readonly onError: (error: unknown) => void;
}

/** Does the same work again and again, never twice at once: the pause counts from the end of the work. */
export class Periodic {
  readonly #options: PeriodicOptions;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> = Promise.resolve();
  #isStopped = false;

  constructor(options: PeriodicOptions) {
    this.#options = options;
  }

  start(): void {
    this.#timer = setTimeout(() => {
      this.#running = this.#options
        .work()
        .catch(this.#options.onError)
        .then(() => {
          if (!this.#isStopped) this.start();
        });
    }, this.#options.everyMs);
  }

  /** Waits for work under way; none starts after it. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    clearTimeout(this.#timer);
    await this.#running;
  }
}
