import type { AcquirerContract, Merchant } from '@fourway/contracts';
import { feeContractId } from './fee-contracts.ts';
import { cyclic, hash32, unit, weightedPicker } from './random.ts';
import { providerId } from './providers.ts';
import { metroCities, regionOfCode, regions, type Region } from './regions.ts';
import { headSize, type ScenarioLayout } from './scenario-layout.ts';
import { scenarioNamed, type Scenario } from './scenarios.ts';

const stream = { region: 2, name: 3, contract: 4, status: 5, mcc: 6, apiKey: 7 } as const;
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
const districts = ['东城', '西城', '南城', '北城', '高新区', '滨江', '开发区', '新区', '新城', '湖滨'];

const pickRegion = weightedPicker(regions);

/** What merchants are computed from. */
export interface MerchantSource {
  readonly seed: number;
  readonly layout: ScenarioLayout;
  readonly acquirerIds: readonly string[];
  readonly providerCount: number;
}

/** The first merchants are the metros, each in its own city. */
const isMetro = (index: number): boolean => index < metroCities.length;

const regionOf = (seed: number, index: number): Region => {
  const metroCity = metroCities[index];
  return metroCity === undefined ? pickRegion(unit(seed, stream.region, index)) : regionOfCode(metroCity);
};

/** 15 digits: 8, the division code, and the merchant's number in eight digits. */
export const merchantId = (seed: number, index: number): string =>
  `8${regionOf(seed, index).code}${String(index).padStart(8, '0')}`;

/** One merchant in two hundred is suspended; those that every world begins with never are. */
export const isSuspended = (seed: number, index: number): boolean =>
  index >= headSize && hash32(seed, stream.status, index) % 200 === 0;

/** One merchant in ten has an API key and may use the HTTP door; so do those that every world begins with. */
export const hasApiKey = (seed: number, index: number): boolean =>
  index < headSize || hash32(seed, stream.apiKey, index) % 10 === 0;

/** Some providers are large: the first tenth of them looks after a third of the merchants. */
const providerIndexOf = ({ seed, providerCount }: MerchantSource, index: number): number =>
  Math.floor(unit(seed, stream.contract, index) ** 2 * providerCount);

/** Merchant `index`, computed from the seed alone. */
export function makeMerchant(source: MerchantSource, index: number): Merchant {
  const { seed } = source;
  const scenario = scenarioNamed(source.layout.at(index));
  return {
    merchantId: merchantId(seed, index),
    name: nameOf(seed, index, scenario),
    mcc: mccOf(seed, index, scenario),
    scenario: scenario.name,
    currency: 'CNY',
    region: regionOf(seed, index).code,
    acquirerContracts: acquirerContracts(source, index, scenario),
    providerId: providerId(providerIndexOf(source, index)),
    apiKeyVersion: hasApiKey(seed, index) ? 1 : 0,
  };
}

export function nameOf(seed: number, index: number, { naming, trades }: Scenario): string {
  const { city } = regionOf(seed, index);
  if (isMetro(index)) return `${city}地铁运营公司`;
  const chance = hash32(seed, stream.name, index);
  const trade = cyclic(trades, chance >>> 16);
  return naming === 'shop'
    ? `${city}${cyclic(families, chance)}${cyclic(wishes, chance >>> 8)}${trade}`
    : `${city}${cyclic(districts, chance)}${trade}`;
}

/** Of transit's codes the first is for railways, the second for buses. */
function mccOf(seed: number, index: number, { name, mccs }: Scenario): string {
  return name === 'transit' ? cyclic(mccs, isMetro(index) ? 0 : 1) : cyclic(mccs, hash32(seed, stream.mcc, index));
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
