import type { FieldError } from '@fourway/kernel';
import type { HotData } from '@fourway/platform-hot-data';
import { TokenRanges, unpackProfile, type MerchantProfile } from '@fourway/routing';
import type { Incoming, Parties } from '../operation.ts';
import type { DirectoryRepository } from './directory.repository.ts';

/** Key of a merchant's packed profile in the hot copy. */
export const merchantKey = (merchantId: string): string => `routing:m:${merchantId}`;

/** Who takes part in a payment, read from the hot copy; what the hot copy lacks is read from the projection and put back. */
export class MerchantDirectory {
  readonly #hotData: HotData;
  readonly #repository: DirectoryRepository;
  #ranges = new TokenRanges([]);

  constructor(hotData: HotData, repository: DirectoryRepository) {
    this.#hotData = hotData;
    this.#repository = repository;
  }

  /** Reads the issuers' token ranges anew; the new table is swapped in as a whole. */
  async refreshTokenRanges(): Promise<number> {
    this.#ranges = new TokenRanges(await this.#repository.tokenRanges());
    return this.#ranges.size;
  }

  get knowsIssuers(): boolean {
    return this.#ranges.size > 0;
  }

  /** One round trip for the whole batch; the function it returns answers for each request of the batch. */
  async partiesOf(batch: readonly Incoming[]): Promise<(incoming: Incoming) => Parties | FieldError> {
    const profiles = await this.#profilesOf([...new Set(batch.map(({ scored }) => scored.operation.merchantId))]);
    return ({ scored: { operation } }) => {
      const merchant = profiles.get(operation.merchantId);
      if (merchant === undefined) return unknownMerchant;
      if (merchant.currency !== operation.currency) return currencyMismatch;
      const issuer = this.#ranges.find(operation.cardToken);
      return issuer === null ? unknownToken : { merchant, issuer };
    };
  }

  async #profilesOf(merchantIds: readonly string[]): Promise<Map<string, MerchantProfile>> {
    const profiles = await this.#hotProfiles(merchantIds);
    const missing = merchantIds.filter((id) => !profiles.has(id));
    if (missing.length === 0) return profiles;
    const cold = await this.#repository.profilesOf(missing);
    for (const [id, packed] of cold) addProfile(profiles, id, packed);
    await this.putHot([...cold]);
    return profiles;
  }

  /** Puts packed profiles into the hot copy; a hot copy that is away is filled later, by reads. */
  async putHot(profiles: readonly (readonly [merchantId: string, packed: string])[]): Promise<void> {
    await this.#hotData
      .setMany(profiles.map(([id, packed]) => [merchantKey(id), packed] as const))
      .catch(() => undefined);
  }

  async #hotProfiles(merchantIds: readonly string[]): Promise<Map<string, MerchantProfile>> {
    const profiles = new Map<string, MerchantProfile>();
    // Without the hot copy every merchant is read from the projection: slower, and the same answers.
    const packed = await this.#hotData.getMany(merchantIds.map(merchantKey)).catch(() => []);
    merchantIds.forEach((id, i) => addProfile(profiles, id, packed[i] ?? ''));
    return profiles;
  }
}

function addProfile(profiles: Map<string, MerchantProfile>, merchantId: string, packed: string): void {
  const profile = unpackProfile(merchantId, packed);
  if (profile !== null) profiles.set(merchantId, profile);
}

const unknownMerchant: FieldError = {
  code: 'unknown_merchant',
  field: 'merchant_id',
  rule: 'the merchant is in the directory',
  remedy: 'check the merchant id, or have the merchant onboarded first',
};
const currencyMismatch: FieldError = {
  code: 'currency_mismatch',
  field: 'currency',
  rule: "the currency is that of the merchant's contracts",
  remedy: "send the amount in the merchant's currency",
};
const unknownToken: FieldError = {
  code: 'unknown_card_token',
  field: 'card_token',
  rule: "the token lies in an issuer's token range; card numbers are not accepted",
  remedy: 'send the token that the wallet received for the card',
};
