import type { HotData } from '@fourway/platform-hot-data';
import type { CardUse } from '@fourway/risk';
import { countOnCards } from './card-counters.ts';
import type { CardPayment } from './card-payment.ts';
import type { VelocityEpochs } from './velocity-epochs.ts';
import { stretchesOf, VelocityProgress } from './velocity-progress.ts';

export interface CardVelocityOptions {
  readonly hotData: HotData;
  readonly epochs: VelocityEpochs;
  /** Windows are missing: somebody should rebuild them. Called again and again until they are there. */
  readonly onLost: () => void;
  /** A batch could not be counted because Redis did not answer. */
  readonly onFailure: () => void;
}

/** How much each card has used of its limits within the sliding hour. */
export class CardVelocity {
  readonly #options: CardVelocityOptions;
  readonly #progress: VelocityProgress;

  constructor(options: CardVelocityOptions) {
    this.#options = options;
    this.#progress = new VelocityProgress(options);
  }

  /**
   * Counts the payments, each once however often it comes, and tells what their cards have used. Never rejects: what cannot be
   * told, because Redis or its windows are gone, is null. Takes one round trip, or the hot data's timeout once while Redis hangs.
   */
  async count(payments: readonly CardPayment[]): Promise<readonly (CardUse | null)[]> {
    const { hotData, epochs, onLost, onFailure } = this.#options;
    const unknown = (): null[] => Array.from(payments, () => null);
    if (!hotData.isReady) {
      onFailure();
      return unknown();
    }
    try {
      const stretches = stretchesOf(payments);
      await this.#progress.begin(stretches);
      const { uses, lostTags } = await countOnCards(hotData, payments, (tag) => epochs.placeOf(tag));
      for (const tag of lostTags) epochs.forget(tag);
      this.#progress.counted(stretches);
      if (lostTags.length > 0 || epochs.lostTags.length > 0) onLost();
      return uses;
    } catch {
      onFailure();
      return unknown();
    }
  }

  /** Looks for losses while no payment comes, so that the next one finds windows. */
  async watch(): Promise<void> {
    const { hotData, epochs, onLost } = this.#options;
    if (!hotData.isReady) return;
    await epochs.refresh();
    if (epochs.lostTags.length > 0) onLost();
  }

  /** Keeps in Redis how far has been counted, so that a restarted one lacks little. */
  async keepProgress(): Promise<void> {
    if (this.#options.hotData.isReady) await this.#progress.store();
  }
}
