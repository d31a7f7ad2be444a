import type { FieldError } from '@fourway/kernel';
import type { HotData } from '@fourway/platform-hot-data';
import { TokenRanges, type MerchantProfile } from '@fourway/routing';
import type { Incoming, Parties } from '../operation.ts';
import type { DirectoryRepository, MerchantRow } from './directory.repository.ts';
import { HotMerchants } from './hot-merchants.ts';
import { UnpackedProfiles } from './unpacked-profiles.ts';

/** Whether the hot copy holds nothing that is older than the projection. */
export interface HotCopyTrust {
  readonly isTrusted: boolean;
  distrust(): void;
}

const blindTrust: HotCopyTrust = { isTrusted: true, distrust: () => undefined };

/** Who takes part in a payment, read from the hot copy; what the hot copy lacks is read from the projection and put back. */
export class MerchantDirectory {
  readonly #hot: HotMerchants;
  readonly #repository: DirectoryRepository;
  readonly #trust: HotCopyTrust;
  readonly #unpacked = new UnpackedProfiles();
  #ranges = new TokenRanges([]);

  constructor(hotData: HotData, repository: DirectoryRepository, trust: HotCopyTrust = blindTrust) {
    this.#hot = new HotMerchants(hotData);
    this.#repository = repository;
    this.#trust = trust;
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
    const cold = await this.#repository.merchantsOf(missing);
    for (const { merchantId, profile } of cold) this.#add(profiles, merchantId, profile);
    // A hot copy that is away is filled later, by reads.
    await this.#hot.put(cold).catch(() => undefined);
    return profiles;
  }

  #add(profiles: Map<string, MerchantProfile>, merchantId: string, packed: string): void {
    const profile = this.#unpacked.profileOf(merchantId, packed);
    if (profile !== null) profiles.set(merchantId, profile);
  }

  /** Puts changed merchants into the hot copy. One that did not take them holds what they were, and must be copied anew. */
  async putHot(rows: readonly MerchantRow[]): Promise<void> {
    await this.#hot.put(rows).catch(() => this.#trust.distrust());
  }

  async #hotProfiles(merchantIds: readonly string[]): Promise<Map<string, MerchantProfile>> {
    const profiles = new Map<string, MerchantProfile>();
    if (!this.#trust.isTrusted) return profiles;
    // Without the hot copy every merchant is read from the projection: slower, and the same answers.
    const packed = await this.#hot.profilesOf(merchantIds).catch(() => []);
    merchantIds.forEach((id, i) => this.#add(profiles, id, packed[i] ?? ''));
    return profiles;
  }
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
