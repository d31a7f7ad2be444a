import type { CycleFact } from './cycle-facts.ts';

/** What a kind of settlement file holds. docs/settlement-files.md is written from this. */
export interface FileLayout {
  readonly participantType: 'acquirer' | 'provider';
  /** The fields of a detail record before its amounts; ASCII. */
  readonly fields: (fact: CycleFact) => string;
  /** The amounts of a detail record, minor units; the trailer sums each of them, and the last is what the participant receives. */
  readonly amounts: (fact: CycleFact) => readonly bigint[];
}

export const layoutVersion = 1;

/** The acquirer is paid the gross less the issuer's and the network's fee, and pays merchant, provider and agent out of it. */
export const acquirerLayout: FileLayout = {
  participantType: 'acquirer',
  fields: ({ operationId, businessDate, merchantId, issuerId, cardType, providerId, agentId }) =>
    `${operationId}|${businessDate}|${merchantId}|${issuerId}|${cardType}|${providerId}|${agentId}`,
  amounts: (fact) => [
    fact.grossMinor,
    fact.mdrMinor,
    fact.issuerFeeMinor,
    fact.networkFeeMinor,
    fact.acquirerMarginMinor,
    fact.providerShareMinor,
    fact.agentShareMinor,
    fact.grossMinor - fact.mdrMinor,
    fact.grossMinor - fact.issuerFeeMinor - fact.networkFeeMinor,
  ],
};

/** The provider is paid its share of the acquirer's margin; payments that left it nothing are listed too. */
export const providerLayout: FileLayout = {
  participantType: 'provider',
  fields: ({ operationId, businessDate, merchantId, acquirerId, feeContract }) =>
    `${operationId}|${businessDate}|${merchantId}|${acquirerId}|${feeContract}`,
  amounts: ({ grossMinor, providerShareMinor }) => [grossMinor, providerShareMinor],
};

/** One participant's file of one cycle and currency. */
export interface FileHeader {
  readonly layout: FileLayout;
  readonly participantId: string;
  readonly cycleId: string;
  readonly currency: string;
}

export const headerLine = ({ layout, participantId, cycleId, currency }: FileHeader): string =>
  `H|${layoutVersion}|${layout.participantType}|${participantId}|${cycleId}|${currency}\n`;

export const trailerLine = (details: number, sums: readonly bigint[], sha256: string): string =>
  `T|${[details, ...sums, sha256].join('|')}\n`;

/** Relative to the folder of the settlement files. */
export const pathOf = ({ layout, participantId, cycleId, currency }: FileHeader): string =>
  `${cycleId}/${layout.participantType}-${participantId}.${currency}.txt`;
