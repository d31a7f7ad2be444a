import { defined } from '@fourway/kernel';
import { feeOf, type CardType, type FeeTerms } from './fee-terms.ts';
import { shareByParts } from './share-by-parts.ts';

/** Who gets what of one sale's fees, in minor units. The discount equals the sum of the other fees but the issuer side's network fee. */
export interface FeeSplit {
  /** Merchant discount: what the merchant pays in all. */
  readonly mdrMinor: bigint;
  readonly issuerFeeMinor: bigint;
  /** Network fee that the issuer pays on top of the gross less its own fee. */
  readonly networkFeeIssuerMinor: bigint;
  /** Network fee that the acquirer pays out of the discount. */
  readonly networkFeeAcquirerMinor: bigint;
  /** What is left to the acquirer; negative where the discount does not cover the fees. */
  readonly acquirerMarginMinor: bigint;
  readonly providerShareMinor: bigint;
  readonly agentShareMinor: bigint;
}

/**
 * Splits the fees of one sale. The margin is what the discount leaves after issuer and network; a negative one is the acquirer's alone.
 * @param grossMinor 0n or more
 */
export function splitFees(grossMinor: bigint, cardType: CardType, terms: FeeTerms): FeeSplit {
  const mdrMinor = feeOf(grossMinor, terms.mdrPpm, 0n);
  const issuerFeeMinor =
    cardType === 'debit'
      ? feeOf(grossMinor, terms.issuerDebitPpm, terms.issuerDebitCapMinor)
      : feeOf(grossMinor, terms.issuerCreditPpm, 0n);
  const networkFeeMinor = feeOf(grossMinor, terms.networkPpm, terms.networkCapMinor);
  const marginMinor = mdrMinor - issuerFeeMinor - networkFeeMinor;
  const shares = marginMinor > 0n ? shareByParts(marginMinor, terms.marginParts) : [marginMinor, 0n, 0n];
  return {
    mdrMinor,
    issuerFeeMinor,
    networkFeeIssuerMinor: networkFeeMinor,
    networkFeeAcquirerMinor: networkFeeMinor,
    acquirerMarginMinor: defined(shares[0], 'acquirer margin'),
    providerShareMinor: defined(shares[1], 'provider share'),
    agentShareMinor: defined(shares[2], 'agent share'),
  };
}
