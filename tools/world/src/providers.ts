import type { Provider } from '@fourway/contracts';
import { cyclic } from './random.ts';
import { regions } from './regions.ts';

const brands = ['聚合通', '收银宝', '云店付', '码上付', '扫呗通', '商户宝', '客满来', '汇收款', '易码付', '店小盈'];
const types = ['aggregator', 'ground_promotion'] as const;

/** Provider `index`: aggregators and ground-promotion providers in turn. */
export const makeProvider = (index: number): Provider => ({
  providerId: providerId(index),
  name: `${cyclic(regions, index * 7).city}${cyclic(brands, index)}${index % 2 === 0 ? '科技' : '商务服务'}有限公司`,
  type: cyclic(types, index),
});

/** The agent below provider `index`; every third provider works through one. */
export const makeAgent = (index: number): Provider => ({
  providerId: agentId(index),
  name: `${cyclic(regions, index * 11).city}第${index + 1}代理商`,
  type: 'agent',
});

export const hasAgent = (providerIndex: number): boolean => providerIndex % 3 === 0;
export const providerId = (index: number): string => `SP${String(index).padStart(6, '0')}`;
export const agentId = (index: number): string => `AG${String(index).padStart(6, '0')}`;
