import type { AcquirerContract, Merchant } from '@fourway/contracts';
import { feeContractId } from './fee-contracts.ts';
import { cyclic, hash32, unit, weightedPicker } from './random.ts';
import { providerId } from './providers.ts';
import { regions, type Region } from './regions.ts';
import { scenarios, type Scenario } from './scenarios.ts';

const stream = { scenario: 1, region: 2, name: 3, contract: 4, status: 5, mcc: 6, apiKey: 7 } as const;
const families = [
  '老王',
  '李记',
  '张氏',
  '陈家',
  '刘姐',
  '阿杨',
  '黄记',
  '赵大',
  '周记',
  '吴氏',
  '徐家',
  '孙记',
  '胡大',
  '朱氏',
  '高记',
  '林家',
];
const wishes = [
  '兴旺',
  '鑫源',
  '福满',
  '和顺',
  '聚丰',
  '惠民',
  '佳和',
  '天天',
  '百味',
  '万家',
  '永盛',
  '吉祥',
  '新城',
  '金桥',
  '东方',
  '阳光',
];

const pickScenario = weightedPicker(scenarios);
const pickRegion = weightedPicker(regions);

/** What merchants are computed from. */
export interface MerchantSource {
  readonly seed: number;
  readonly acquirerIds: readonly string[];
  readonly providerCount: number;
}

export const scenarioOf = (seed: number, index: number): Scenario => pickScenario(unit(seed, stream.scenario, index));

const regionOf = (seed: number, index: number): Region => pickRegion(unit(seed, stream.region, index));

/** 15 digits: 8, the division code, and the merchant's number in eight digits. */
export const merchantId = (seed: number, index: number): string =>
  `8${regionOf(seed, index).code}${String(index).padStart(8, '0')}`;

/** One merchant in two hundred is suspended; the ten largest never are, so that small worlds keep their traffic. */
export const isSuspended = (seed: number, index: number): boolean =>
  index >= 10 && hash32(seed, stream.status, index) % 200 === 0;

/** One merchant in ten has an API key and may use the HTTP door; so do the ten largest. */
export const hasApiKey = (seed: number, index: number): boolean =>
  index < 10 || hash32(seed, stream.apiKey, index) % 10 === 0;

const providerIndexOf = ({ seed, providerCount }: MerchantSource, index: number): number =>
  (hash32(seed, stream.contract, index) >>> 12) % providerCount;

/** Merchant `index`, computed from the seed alone. */
export function makeMerchant(source: MerchantSource, index: number): Merchant {
  const { seed } = source;
  const scenario = scenarioOf(seed, index);
  const region = regionOf(seed, index);
  const name = hash32(seed, stream.name, index);
  return {
    merchantId: merchantId(seed, index),
    name: `${region.city}${cyclic(families, name)}${cyclic(wishes, name >>> 8)}${cyclic(scenario.trades, name >>> 16)}`,
    mcc: cyclic(scenario.mccs, hash32(seed, stream.mcc, index)),
    scenario: scenario.name,
    currency: 'CNY',
    region: region.code,
    acquirerContracts: acquirerContracts(source, index, scenario),
    providerId: providerId(providerIndexOf(source, index)),
    apiKeyVersion: hasApiKey(seed, index) ? 1 : 0,
  };
}

/** Seven merchants of ten are served by two acquirers, the others by one. */
function acquirerContracts(source: MerchantSource, index: number, scenario: Scenario): AcquirerContract[] {
  const { seed, acquirerIds } = source;
  const chance = hash32(seed, stream.contract, index);
  const providerIndex = providerIndexOf(source, index);
  const served = Math.min(acquirerIds.length, chance % 10 < 7 ? 2 : 1);
  const home = (chance >>> 4) % acquirerIds.length;
  return Array.from({ length: served }, (_, i) => {
    const acquirerIndex = (home + i) % acquirerIds.length;
    return {
      acquirerId: cyclic(acquirerIds, acquirerIndex),
      feeContractId: feeContractId({ providerIndex, acquirerIndex, level: scenario.priceLevel }, acquirerIds.length),
      weight: served === 1 ? 1000 : i === 0 ? 600 : 400,
    };
  });
}
