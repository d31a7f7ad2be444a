import { changeBehaviour, type AcquirerControl } from '@fourway/cli';

/** Part of the day's payments, as fractions, during which one acquirer fails. */
const failsFrom = 0.4;
const failsUntil = 0.5;
/** Half of its sales are approved in its book and never answered, a fifth are refused for technical reasons. */
const failing = { silentRate: 0.5, silentRecorded: 'approved', technicalRate: 0.2 };
const sound = { silentRate: 0, technicalRate: 0 };

/** Makes one acquirer fail for a while, told by the number of payments sent. */
export class FailingAcquirer {
  readonly #acquirer: AcquirerControl;
  readonly #payments: number;
  #state: 'before' | 'failing' | 'after' = 'before';
  #change: Promise<void> = Promise.resolve();

  constructor(acquirer: AcquirerControl, payments: number) {
    this.#acquirer = acquirer;
    this.#payments = payments;
  }

  /** Never throws; what went wrong is thrown by `settle`. */
  sent(payments: number): void {
    const part = payments / this.#payments;
    if (this.#state === 'before' && part >= failsFrom) this.#enter('failing', failing);
    if (this.#state === 'failing' && part >= failsUntil) this.#enter('after', sound);
  }

  /** Resolves when the acquirer is sound again. @throws what a change of its behaviour threw */
  async settle(): Promise<void> {
    if (this.#state === 'failing') this.#enter('after', sound);
    await this.#change;
  }

  #enter(state: 'failing' | 'after', behaviour: object): void {
    this.#state = state;
    this.#change = this.#change.then(() => changeBehaviour(this.#acquirer, behaviour));
    // Awaited in settle; until then a refusal must not end the process.
    this.#change.catch(() => undefined);
  }
}
