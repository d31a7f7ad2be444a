import CircuitBreaker from 'opossum';

/** Results of one batch of calls over a link. Declines count as successes: the link and the acquirer worked. */
export interface LinkResults {
  readonly succeeded: number;
  /** Technical refusals and missing answers. */
  readonly failed: number;
}

export interface LinkBreakerOptions {
  readonly name: string;
  /** Asks the link whether it works, without anybody's money; its answer closes or reopens a breaker that is half open. */
  readonly probe: () => Promise<boolean>;
  /** Share of failed calls that makes a batch a failed one, 0 to 1. */
  readonly failureShare?: number;
  /** Open for this long before the probe, milliseconds. */
  readonly resetAfterMs?: number;
  readonly onChange?: (state: 'open' | 'closed') => void;
}

/**
 * A breaker on one acquirer link. It is fed the results of whole batches, because a promise a message would cost more than the call;
 * while it is open the acquirer is not eligible, and its half-open test is a probe, never a customer's payment.
 */
export class LinkBreaker {
  readonly #circuit: CircuitBreaker<[LinkResults], void>;
  readonly #failureShare: number;

  constructor({ name, probe, failureShare = 0.5, resetAfterMs = 2_000, onChange }: LinkBreakerOptions) {
    this.#failureShare = failureShare;
    this.#circuit = new CircuitBreaker((results: LinkResults) => this.#judge(results), {
      name,
      timeout: false,
      resetTimeout: resetAfterMs,
      rollingCountTimeout: 5_000,
      volumeThreshold: 5,
      errorThresholdPercentage: 50,
      rollingPercentilesEnabled: false,
      enableSnapshots: false,
    });
    this.#circuit.on('open', () => onChange?.('open'));
    this.#circuit.on('close', () => onChange?.('closed'));
    this.#circuit.on('halfOpen', () => {
      probe().then(
        (works) => this.record(works ? { succeeded: 1, failed: 0 } : { succeeded: 0, failed: 1 }),
        () => this.record({ succeeded: 0, failed: 1 }),
      );
    });
  }

  /** True while no payment may go this way: open, or half open and not yet probed. */
  get isOpen(): boolean {
    return this.#circuit.opened || this.#circuit.halfOpen;
  }

  /** Feeds the results of one batch. */
  record(results: LinkResults): void {
    if (results.succeeded + results.failed === 0) return;
    // The rejection is the breaker's own bookkeeping: nobody waits for it.
    this.#circuit.fire(results).catch(() => undefined);
  }

  /** Stops the breaker's timers. */
  stop(): void {
    this.#circuit.shutdown();
  }

  async #judge({ succeeded, failed }: LinkResults): Promise<void> {
    if (failed / (succeeded + failed) >= this.#failureShare)
      throw new Error(`${failed} of ${succeeded + failed} calls failed`);
  }
}
