export type PriceLevel = 'low' | 'middle' | 'standard';

/** One of the ten scenes QR payments are made in: who pays there, how much, and at what price. */
export interface Scenario {
  readonly name: string;
  /** ISO 18245 merchant category codes. */
  readonly mccs: readonly string[];
  /** Share of merchants, in parts. */
  readonly weight: number;
  /** Typical amount in minor units, and how far amounts spread (sigma of their logarithm). */
  readonly medianMinor: number;
  readonly spread: number;
  /** Part of payments in which the merchant scans the consumer's code (被扫). */
  readonly consumerPresented: number;
  readonly priceLevel: PriceLevel;
  /** Ends of merchant names. */
  readonly trades: readonly string[];
}

/** The ten scenarios, with shares as on a high street: many small shops, few hospitals. */
export const scenarios: readonly Scenario[] = [
  {
    ...{ name: 'catering', mccs: ['5812'], weight: 300, medianMinor: 3_200, spread: 0.8, consumerPresented: 0.3 },
    ...{ priceLevel: 'standard', trades: ['面馆', '小吃店', '火锅店', '茶餐厅', '饺子馆', '烧烤店'] },
  },
  {
    ...{ name: 'supermarket', mccs: ['5411'], weight: 230, medianMinor: 4_500, spread: 1.0, consumerPresented: 0.8 },
    ...{ priceLevel: 'low', trades: ['便利店', '超市', '生活超市', '食品商行'] },
  },
  {
    ...{ name: 'wet_market', mccs: ['5499'], weight: 210, medianMinor: 1_800, spread: 0.7, consumerPresented: 0.02 },
    ...{ priceLevel: 'low', trades: ['蔬菜摊', '水产摊', '肉铺', '豆制品摊', '水果摊'] },
  },
  {
    ...{ name: 'vending', mccs: ['5814'], weight: 90, medianMinor: 500, spread: 0.4, consumerPresented: 0.1 },
    ...{ priceLevel: 'middle', trades: ['自助售货机', '咖啡自助机', '自助贩卖柜'] },
  },
  {
    ...{ name: 'canteen', mccs: ['5812', '8211'], weight: 50, medianMinor: 1_500, spread: 0.4, consumerPresented: 0.7 },
    ...{ priceLevel: 'low', trades: ['职工食堂', '员工餐厅', '机关食堂'] },
  },
  {
    ...{ name: 'transit', mccs: ['4111', '4131'], weight: 40, medianMinor: 300, spread: 0.5, consumerPresented: 0.98 },
    ...{ priceLevel: 'low', trades: ['公交集团', '地铁运营公司', '客运站'] },
  },
  {
    ...{ name: 'healthcare', mccs: ['8062'], weight: 30, medianMinor: 12_000, spread: 1.2, consumerPresented: 0.4 },
    ...{ priceLevel: 'low', trades: ['人民医院', '中医院', '社区卫生服务中心'] },
  },
  {
    ...{ name: 'campus', mccs: ['8220'], weight: 25, medianMinor: 1_300, spread: 0.6, consumerPresented: 0.6 },
    ...{ priceLevel: 'low', trades: ['大学', '职业技术学院', '师范学院'] },
  },
  {
    ...{ name: 'utilities', mccs: ['4900'], weight: 15, medianMinor: 9_000, spread: 0.9, consumerPresented: 0.05 },
    ...{ priceLevel: 'low', trades: ['自来水公司', '燃气公司', '供电公司', '供热公司'] },
  },
  {
    ...{
      name: 'government',
      mccs: ['9399', '9311'],
      weight: 10,
      medianMinor: 15_000,
      spread: 1.1,
      consumerPresented: 0.1,
    },
    ...{ priceLevel: 'low', trades: ['政务服务中心', '税务局', '出入境管理处'] },
  },
];
