import type { Acquirer, FeeContract, Issuer, Merchant, Provider } from '@fourway/contracts';
import { cyclic } from './random.ts';
import { feeContracts } from './fee-contracts.ts';
import { makeIssuers } from './issuers.ts';
import { isSuspended, makeMerchant, merchantId, scenarioOf } from './merchants.ts';
import { makeProvider } from './providers.ts';
import type { Scenario } from './scenarios.ts';

export interface WorldOptions {
  /** Any 32-bit integer; the same seed is the same world. */
  readonly seed: number;
  /** 1 to 99,999,999. */
  readonly merchants: number;
  /** Default: one per twenty merchants, 4 to 500. */
  readonly providers?: number;
  /** At most 1000; default 230. */
  readonly issuers?: number;
  readonly acquirers?: readonly Acquirer[];
}

/** Everybody who takes part, computed on demand: a world of millions of merchants takes no memory. */
export interface World {
  readonly seed: number;
  readonly merchantCount: number;
  readonly providerCount: number;
  readonly acquirers: readonly Acquirer[];
  readonly issuers: readonly Issuer[];
  merchant(index: number): Merchant;
  merchantId(index: number): string;
  scenario(index: number): Scenario;
  isSuspended(index: number): boolean;
  provider(index: number): Provider;
  feeContracts(): Iterable<FeeContract>;
}

export const defaultAcquirers: readonly Acquirer[] = [
  { acquirerId: '48020000', name: '华东银商收单' },
  { acquirerId: '48030000', name: '南方通联收单' },
];

/** The world of a seed. Merchant `i` has the same id, name and scenario in every world of that seed, whatever its size. */
export function createWorld(options: WorldOptions): World {
  const { seed, merchants: merchantCount, issuers = 230, acquirers = defaultAcquirers } = options;
  const providerCount = options.providers ?? Math.min(500, Math.max(4, Math.floor(merchantCount / 20)));
  const acquirerIds = acquirers.map(({ acquirerId }) => acquirerId);
  const source = { seed, acquirerIds, providerCount };
  return {
    ...{ seed, merchantCount, providerCount, acquirers },
    issuers: makeIssuers(issuers),
    merchant: (index) => makeMerchant(source, index),
    merchantId: (index) => merchantId(seed, index),
    scenario: (index) => scenarioOf(seed, index),
    isSuspended: (index) => isSuspended(seed, index),
    provider: makeProvider,
    feeContracts: () => feeContracts(providerCount, acquirerIds),
  };
}

/** The issuer a token belongs to, for tests and reports. */
export const issuerOfToken = (world: World, token: string): Issuer => cyclic(world.issuers, Number(token.slice(4, 7)));
