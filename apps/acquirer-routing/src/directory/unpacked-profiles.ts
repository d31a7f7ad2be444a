import { unpackProfile, type MerchantProfile } from '@fourway/routing';

const mostRemembered = 10_000;

/** Merchants are millions, the terms they are packed with are few: each of those is unpacked once. */
export class UnpackedProfiles {
  readonly #byTerms = new Map<string, MerchantProfile>();

  /** As `unpackProfile`. */
  profileOf(merchantId: string, packed: string): MerchantProfile | null {
    const known = this.#byTerms.get(packed);
    if (known !== undefined) return { ...known, merchantId };
    const profile = unpackProfile(merchantId, packed);
    if (profile === null) return null;
    if (this.#byTerms.size >= mostRemembered) this.#byTerms.clear();
    this.#byTerms.set(packed, profile);
    return profile;
  }
}
