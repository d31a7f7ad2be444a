import type { Acquirer, FeeContract, Issuer, Merchant, Provider } from '@fourway/contracts';
import { cyclic } from './random.ts';
import { feeContracts } from './fee-contracts.ts';
import { makeIssuers } from './issuers.ts';
import { hasApiKey, isSuspended, makeMerchant, merchantId } from './merchants.ts';
import { makePremises, terminalIdOf, type Premises } from './premises.ts';
import { makeProvider } from './providers.ts';
import { ScenarioLayout } from './scenario-layout.ts';
import { scenarioNamed, type Scenario, type ScenarioName } from './scenarios.ts';

export interface WorldOptions {
  /** Any 32-bit integer; the same seed is the same world. */
  readonly seed: number;
  /** 1 to 99,999,999. */
  readonly merchants: number;
  /** Default 500, in small worlds too: so a merchant keeps its provider when the world grows. */
  readonly providers?: number;
  /** At most 1000; default 230. */
  readonly issuers?: number;
  readonly acquirers?: readonly Acquirer[];
  /** Whether stores, terminals and plates are part of the directory. Default: up to 20,000 merchants. */
  readonly premises?: boolean;
}

/** Everybody who takes part, computed on demand: a world of millions of merchants takes no memory. */
export interface World {
  readonly seed: number;
  readonly merchantCount: number;
  readonly providerCount: number;
  readonly acquirers: readonly Acquirer[];
  readonly issuers: readonly Issuer[];
  /** True where `directoryChanges` has stores, terminals and plates. */
  readonly hasPremises: boolean;
  merchant(index: number): Merchant;
  merchantId(index: number): string;
  scenario(index: number): Scenario;
  /** How many merchants are of this scenario. */
  merchantsOf(scenario: ScenarioName): number;
  /** The index of the scenario's merchant no. `rank`, from 0; low ranks are the busiest. */
  merchantOf(scenario: ScenarioName, rank: number): number;
  isSuspended(index: number): boolean;
  /** True where the merchant may use the HTTP door. */
  hasApiKey(index: number): boolean;
  /** The terminal that traffic pays at, whether it is part of the directory or not. */
  terminalId(index: number): string;
  premises(index: number): Premises;
  provider(index: number): Provider;
  feeContracts(): Iterable<FeeContract>;
}

export const defaultAcquirers: readonly Acquirer[] = [
  { acquirerId: '48020000', name: '华东银商收单' },
  { acquirerId: '48030000', name: '南方通联收单' },
];

const defaultProviders = 500;
const mostMerchantsWithPremises = 20_000;

/** The world of a seed. A merchant is the same, whatever the size of the world, where the number of providers is. */
export function createWorld(options: WorldOptions): World {
  const { seed, merchants: merchantCount, issuers = 230, acquirers = defaultAcquirers } = options;
  const { providers: providerCount = defaultProviders } = options;
  const acquirerIds = acquirers.map(({ acquirerId }) => acquirerId);
  const layout = new ScenarioLayout(seed);
  const source = { seed, layout, acquirerIds, providerCount };
  const merchant = (index: number): Merchant => makeMerchant(source, index);
  return {
    ...{ seed, merchantCount, providerCount, acquirers, merchant },
    issuers: makeIssuers(issuers),
    hasPremises: options.premises ?? merchantCount <= mostMerchantsWithPremises,
    merchantId: (index) => merchantId(seed, index),
    scenario: (index) => scenarioNamed(layout.at(index)),
    merchantsOf: (scenario) => layout.count(scenario, merchantCount),
    merchantOf: (scenario, rank) => layout.indexOf(scenario, rank),
    isSuspended: (index) => isSuspended(seed, index),
    hasApiKey: (index) => hasApiKey(seed, index),
    terminalId: terminalIdOf,
    premises: (index) => makePremises(index, merchant(index), layout.at(index)),
    provider: makeProvider,
    feeContracts: () => feeContracts(providerCount, acquirerIds),
  };
}

/** The issuer a token belongs to, for tests and reports. */
export const issuerOfToken = (world: World, token: string): Issuer => cyclic(world.issuers, Number(token.slice(4, 7)));
