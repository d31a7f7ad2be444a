import type { FeeContract } from '@fourway/contracts';
import { agentId, hasAgent, providerId } from './providers.ts';
import type { PriceLevel } from './scenarios.ts';

const priceLevels: readonly { readonly level: PriceLevel; readonly mdrPpm: number }[] = [
  { level: 'low', mdrPpm: 3_800 },
  { level: 'middle', mdrPpm: 5_000 },
  { level: 'standard', mdrPpm: 6_000 },
];

/** Fee rules in force since 2016-09-06: rates are ceilings of the price bureau, in ppm, caps in minor units. */
const publishedFees = {
  issuerDebitPpm: 3_500,
  issuerCreditPpm: 4_500,
  issuerDebitCapMinor: 1_300n,
  networkPpm: 325,
  networkCapMinor: 325n,
} as const;

export interface ContractPlace {
  readonly providerIndex: number;
  readonly acquirerIndex: number;
  readonly level: PriceLevel;
}

/** Contract numbers are computed, so that six million merchants can name theirs without a table. */
export function feeContractId({ providerIndex, acquirerIndex, level }: ContractPlace, acquirerCount: number): number {
  const levelIndex = priceLevels.findIndex((price) => price.level === level);
  return 1 + (providerIndex * acquirerCount + acquirerIndex) * priceLevels.length + levelIndex;
}

/** Every contract: provider × acquirer × price level. */
export function* feeContracts(providerCount: number, acquirerIds: readonly string[]): Generator<FeeContract> {
  for (let providerIndex = 0; providerIndex < providerCount; providerIndex += 1) {
    for (const [acquirerIndex, acquirerId] of acquirerIds.entries()) {
      for (const { level, mdrPpm } of priceLevels) {
        yield {
          feeContractId: feeContractId({ providerIndex, acquirerIndex, level }, acquirerIds.length),
          acquirerId,
          providerId: providerId(providerIndex),
          agentId: hasAgent(providerIndex) ? agentId(providerIndex) : '',
          mdrPpm,
          ...publishedFees,
          ...(hasAgent(providerIndex)
            ? { acquirerParts: 30, providerParts: 50, agentParts: 20 }
            : { acquirerParts: 40, providerParts: 60, agentParts: 0 }),
        };
      }
    }
  }
}
