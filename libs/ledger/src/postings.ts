import type { Currency } from '@fourway/kernel';
import { networkId, type Account } from './account.ts';
import type { FeeSplit } from './split-fees.ts';

/** The parties of a captured sale. Provider and agent are empty where the contract has none. */
export interface Parties {
  readonly issuerId: string;
  readonly merchantId: string;
  readonly acquirerId: string;
  readonly providerId: string;
  readonly agentId: string;
}

/** What the ledger knows of one captured sale. */
export interface CaptureFact {
  readonly grossMinor: bigint;
  readonly currency: Currency;
  readonly parties: Parties;
  readonly fees: FeeSplit;
}

/** One leg: what an account gains (+) or gives (-), minor units. */
export interface Posting {
  readonly account: Account;
  readonly amountMinor: bigint;
}

/** What the issuer pays for the sale: the gross less its own fee, plus its side of the network fee. */
export const issuerPaysMinor = ({ grossMinor, fees }: CaptureFact): bigint =>
  grossMinor - fees.issuerFeeMinor + fees.networkFeeIssuerMinor;

/** What the merchant gets: the gross less the discount. */
export const merchantNetMinor = ({ grossMinor, fees }: CaptureFact): bigint => grossMinor - fees.mdrMinor;

/** What the network pays the acquirer, who pays merchant, provider and agent out of it and keeps the margin. */
export const acquirerGetsMinor = ({ grossMinor, fees }: CaptureFact): bigint =>
  grossMinor - fees.issuerFeeMinor - fees.networkFeeAcquirerMinor;

/**
 * The nine legs of a capture, in two books of which each sums to zero: the network's, where issuers pay and acquirers and the network are
 * due, and the acquirer's own, which its funding pays out to merchant, provider, agent and margin. Legs of nothing are left out.
 */
export function postingsOf(fact: CaptureFact): Posting[] {
  const { parties, fees, currency } = fact;
  const legs: Posting[] = [
    {
      account: { ownerType: 'issuer', ownerId: parties.issuerId, purpose: 'clearing', currency },
      amountMinor: -issuerPaysMinor(fact),
    },
    {
      account: { ownerType: 'merchant', ownerId: parties.merchantId, purpose: 'payable', currency },
      amountMinor: merchantNetMinor(fact),
    },
    {
      account: { ownerType: 'provider', ownerId: parties.providerId, purpose: 'payable', currency },
      amountMinor: fees.providerShareMinor,
    },
    {
      account: { ownerType: 'agent', ownerId: parties.agentId, purpose: 'payable', currency },
      amountMinor: fees.agentShareMinor,
    },
    {
      account: { ownerType: 'acquirer', ownerId: parties.acquirerId, purpose: 'margin', currency },
      amountMinor: fees.acquirerMarginMinor,
    },
    {
      account: { ownerType: 'network', ownerId: networkId, purpose: 'fee_issuer', currency },
      amountMinor: fees.networkFeeIssuerMinor,
    },
    {
      account: { ownerType: 'network', ownerId: networkId, purpose: 'fee_acquirer', currency },
      amountMinor: fees.networkFeeAcquirerMinor,
    },
    {
      account: { ownerType: 'acquirer', ownerId: parties.acquirerId, purpose: 'clearing', currency },
      amountMinor: acquirerGetsMinor(fact),
    },
    {
      account: { ownerType: 'acquirer', ownerId: parties.acquirerId, purpose: 'funding', currency },
      amountMinor: -acquirerGetsMinor(fact),
    },
  ];
  return legs.filter(({ amountMinor }) => amountMinor !== 0n);
}
