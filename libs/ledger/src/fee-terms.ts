import { assert } from '@fourway/kernel';

export type CardType = 'debit' | 'credit';

/** What a fee contract says: rates in parts per million of the gross, caps in minor units (0n: none), the margin shared by parts. */
export interface FeeTerms {
  /** Merchant discount rate. */
  readonly mdrPpm: bigint;
  readonly issuerDebitPpm: bigint;
  readonly issuerCreditPpm: bigint;
  readonly issuerDebitCapMinor: bigint;
  /** Charged to the issuer's and to the acquirer's side alike. */
  readonly networkPpm: bigint;
  readonly networkCapMinor: bigint;
  /** Parts of the margin in the contract's order: acquirer, provider, agent. They need not sum to 100. */
  readonly marginParts: readonly [acquirer: bigint, provider: bigint, agent: bigint];
}

const million = 1_000_000n;

/**
 * A rate of an amount, half up to the minor unit, then capped.
 * @param amountMinor 0n or more
 * @param ppm 0n to 1,000,000n
 * @param capMinor 0n: no cap
 */
export function feeOf(amountMinor: bigint, ppm: bigint, capMinor: bigint): bigint {
  assert(
    amountMinor >= 0n && ppm >= 0n && ppm <= million,
    'a fee is a rate of up to 100 % of an amount that is not negative',
  );
  const fee = (amountMinor * ppm + 500_000n) / million;
  return capMinor > 0n && fee > capMinor ? capMinor : fee;
}
