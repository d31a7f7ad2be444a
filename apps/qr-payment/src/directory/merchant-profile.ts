/** What taking orders must know of a merchant. */
export interface MerchantProfile {
  readonly merchantId: string;
  readonly status: 'active' | 'suspended' | 'closed';
  /** 0: it has no key. */
  readonly apiKeyVersion: number;
  readonly currency: string;
  /** 4 digits. */
  readonly mcc: string;
  /** GB/T 2260 division code, 6 digits. */
  readonly region: string;
  readonly name: string;
}

const statuses = ['active', 'suspended', 'closed'] as const;
const separator = '|';

/** One line, as small as a hot copy of millions should be: the directory's version first, the name, which may hold anything, last. */
export const packProfile = (profile: MerchantProfile, version: bigint): string =>
  [
    ...[version, statuses.indexOf(profile.status), profile.apiKeyVersion, profile.currency, profile.mcc],
    ...[profile.region, profile.name],
  ].join(separator);

/** Reads what `packProfile` wrote; null for anything else. */
export function unpackProfile(merchantId: string, packed: string): MerchantProfile | null {
  const [version, status, apiKeyVersion, currency, mcc, region, ...name] = packed.split(separator);
  const known = statuses[Number(status)];
  if (version === undefined || known === undefined || currency === undefined || mcc === undefined) return null;
  if (region === undefined || name.length === 0) return null;
  return {
    ...{ merchantId, currency, mcc, region },
    status: known,
    apiKeyVersion: Number(apiKeyVersion),
    name: name.join(separator),
  };
}
