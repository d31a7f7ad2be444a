import type { Clock } from '@fourway/kernel';
import { BatchedCalls } from '@fourway/platform-resilience';
import type { HotProfiles } from './hot-profiles.ts';
import { unpackProfile, type MerchantProfile } from './merchant-profile.ts';
import type { MerchantRepository } from './merchant.repository.ts';

/** A suspended merchant is stopped at the latest after this, milliseconds. */
const knownForMs = 2_000;
const maxKnown = 50_000;

interface Known {
  readonly profile: MerchantProfile | null;
  readonly untilMs: number;
}

/** Merchants: from memory for two seconds, else from the hot copy, else from the projection, which is put back into the hot copy. */
export class MerchantDirectory {
  readonly #hot: HotProfiles;
  readonly #repository: MerchantRepository;
  readonly #clock: Clock;
  /** Least recently read first. */
  readonly #known = new Map<string, Known>();
  readonly #reads: BatchedCalls<string, MerchantProfile | null>;

  constructor({ hot, repository, clock }: { hot: HotProfiles; repository: MerchantRepository; clock: Clock }) {
    this.#hot = hot;
    this.#repository = repository;
    this.#clock = clock;
    this.#reads = new BatchedCalls({ maxBatch: 500, maxInFlight: 2, work: (ids) => this.#read(ids) });
  }

  /** @param merchantId 15 digits, not starting with 0 */
  async find(merchantId: string): Promise<MerchantProfile | null> {
    const known = this.#known.get(merchantId);
    if (known !== undefined && known.untilMs > this.#clock.nowMs()) {
      this.#known.delete(merchantId);
      this.#known.set(merchantId, known);
      return known.profile;
    }
    return this.#remember(merchantId, await this.#reads.ask(merchantId));
  }

  /** Past memory and hot copy: for a caller who proves to know more than they do. */
  async findNewest(merchantId: string): Promise<MerchantProfile | null> {
    const cold = await this.#fromProjection([merchantId]);
    return this.#remember(merchantId, cold.get(merchantId) ?? null);
  }

  #remember(merchantId: string, profile: MerchantProfile | null): MerchantProfile | null {
    this.#known.delete(merchantId);
    const [oldest] = this.#known.size < maxKnown ? [] : this.#known.keys();
    if (oldest !== undefined) this.#known.delete(oldest);
    this.#known.set(merchantId, { profile, untilMs: this.#clock.nowMs() + knownForMs });
    return profile;
  }

  async #read(merchantIds: readonly string[]): Promise<(MerchantProfile | null)[]> {
    const packed = await this.#hot.get(merchantIds);
    const found = new Map<string, MerchantProfile>();
    merchantIds.forEach((id, i) => {
      const profile = unpackProfile(id, packed[i] ?? '');
      if (profile !== null) found.set(id, profile);
    });
    const missing = merchantIds.filter((id) => !found.has(id));
    const cold = missing.length === 0 ? found : await this.#fromProjection(missing);
    return merchantIds.map((id) => found.get(id) ?? cold.get(id) ?? null);
  }

  async #fromProjection(merchantIds: readonly string[]): Promise<Map<string, MerchantProfile>> {
    const packed = await this.#repository.profilesOf(merchantIds);
    await this.#hot.put(packed);
    return new Map(
      [...packed].flatMap(([id, text]) => {
        const profile = unpackProfile(id, text);
        return profile === null ? [] : [[id, profile] as const];
      }),
    );
  }
}
