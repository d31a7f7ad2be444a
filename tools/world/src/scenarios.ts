export type PriceLevel = 'low' | 'middle' | 'standard';

export const scenarioNames = [
  'catering',
  'supermarket',
  'wet_market',
  'vending',
  'campus',
  'canteen',
  'healthcare',
  'government',
  'utilities',
  'transit',
] as const;
export type ScenarioName = (typeof scenarioNames)[number];

/** How amounts of a scenario are spread, in minor units. */
export interface AmountSpread {
  readonly medianMinor: number;
  /** Sigma of the amounts' logarithm. */
  readonly sigma: number;
  /** Amounts are multiples of this: fares and machine prices are round. */
  readonly stepMinor: number;
  readonly maxMinor: number;
}

/** One of the ten scenes QR payments are made in: who pays there, how much, and at what price. */
export interface Scenario {
  readonly name: ScenarioName;
  /** ISO 18245 merchant category codes. */
  readonly mccs: readonly string[];
  /** Merchants of the whole network; a world takes them in this proportion. */
  readonly merchants: number;
  /** Payments of all its merchants on a day of the whole network. */
  readonly dailyPayments: number;
  readonly amount: AmountSpread;
  /** Part of payments in which the merchant scans the consumer's code (被扫). */
  readonly consumerPresented: number;
  readonly priceLevel: PriceLevel;
  /** True where a printed plate (码牌) stands on the counter. */
  readonly hasPlate: boolean;
  /** Public bodies are named by district, shops by their keepers. */
  readonly naming: 'shop' | 'institution';
  /** Ends of merchant names. */
  readonly trades: readonly string[];
}

/**
 * Counts of the network that the world is a sample of. What the issue gives as public figures: 4,000 wet markets with 70,000 stalls,
 * 562 universities with 13,000 shops, 12 metros, 400 cities with buses, 150,000 shops. The rest is ours and derived in docs/world.md.
 */
export const network = {
  stalls: 70_000,
  campusShops: 13_000,
  metros: 12,
  busCities: 400,
  shops: 150_000,
  counties: 2_843,
  prefectureCities: 293,
  tertiaryHospitals: 3_523,
} as const;

const metroPaymentsPerDay = 60_000;
const busPaymentsPerDay = 5_000;

/** Part of transit payments that the metros have: 720,000 of 2,720,000. */
export const metroShare =
  (network.metros * metroPaymentsPerDay) /
  (network.metros * metroPaymentsPerDay + network.busCities * busPaymentsPerDay);

const of = (merchants: number, paymentsEach: number): Pick<Scenario, 'merchants' | 'dailyPayments'> => ({
  merchants,
  dailyPayments: merchants * paymentsEach,
});

const amount = (medianMinor: number, sigma: number, [stepMinor, maxMinor]: [number, number]): AmountSpread => ({
  ...{ medianMinor, sigma, stepMinor, maxMinor },
});

/** The ten scenarios: many small shops, few hospitals; and a third of the payments at 412 transit operators. */
export const scenarios: readonly Scenario[] = [
  {
    ...{ name: 'catering', mccs: ['5812'], ...of(0.4 * network.shops, 25), amount: amount(2_800, 0.7, [1, 500_000]) },
    ...{ consumerPresented: 0.3, priceLevel: 'standard', hasPlate: true, naming: 'shop' },
    trades: ['面馆', '小吃店', '火锅店', '茶餐厅', '饺子馆', '烧烤店'],
  },
  {
    ...{ name: 'supermarket', mccs: ['5411'], ...of(0.5 * network.shops, 20) },
    ...{ amount: amount(3_800, 0.9, [1, 500_000]), consumerPresented: 0.8, priceLevel: 'low', hasPlate: false },
    ...{ naming: 'shop', trades: ['便利店', '超市', '生活超市', '食品商行'] },
  },
  {
    // A static code is good for 500 yuan a day and payer, so nobody pays more at a stall.
    ...{ name: 'wet_market', mccs: ['5499'], ...of(network.stalls, 12), amount: amount(1_500, 0.7, [10, 50_000]) },
    ...{ consumerPresented: 0.02, priceLevel: 'low', hasPlate: true, naming: 'shop' },
    trades: ['蔬菜摊', '水产摊', '肉铺', '豆制品摊', '水果摊'],
  },
  {
    ...{ name: 'vending', mccs: ['5814'], ...of(0.1 * network.shops, 15), amount: amount(450, 0.35, [50, 5_000]) },
    ...{ consumerPresented: 0.1, priceLevel: 'middle', hasPlate: false, naming: 'shop' },
    trades: ['自助售货机', '咖啡自助机', '自助贩卖柜'],
  },
  {
    ...{ name: 'campus', mccs: ['8220'], ...of(network.campusShops, 60), amount: amount(1_100, 0.5, [10, 20_000]) },
    ...{ consumerPresented: 0.6, priceLevel: 'low', hasPlate: true, naming: 'institution' },
    trades: ['大学校园超市', '大学奶茶店', '学院文印店', '师范大学水果店'],
  },
  {
    ...{ name: 'canteen', mccs: ['5812', '8211'], ...of(2 * network.counties, 50) },
    ...{ amount: amount(1_300, 0.35, [50, 10_000]), consumerPresented: 0.7, priceLevel: 'low', hasPlate: false },
    ...{ naming: 'institution', trades: ['职工食堂', '员工餐厅', '机关食堂'] },
  },
  {
    ...{ name: 'healthcare', mccs: ['8062'], ...of(network.tertiaryHospitals, 30) },
    ...{ amount: amount(9_000, 1.2, [1, 5_000_000]), consumerPresented: 0.4, priceLevel: 'low', hasPlate: false },
    ...{ naming: 'institution', trades: ['人民医院', '中医院', '妇幼保健院'] },
  },
  {
    ...{ name: 'government', mccs: ['9399', '9311'], ...of(2 * network.counties, 3) },
    ...{ amount: amount(12_000, 1.0, [100, 50_000_000]), consumerPresented: 0.1, priceLevel: 'low', hasPlate: false },
    ...{ naming: 'institution', trades: ['政务服务中心', '税务局'] },
  },
  {
    ...{ name: 'utilities', mccs: ['4900'], ...of(4 * network.prefectureCities, 40) },
    ...{ amount: amount(9_500, 0.8, [1, 5_000_000]), consumerPresented: 0.05, priceLevel: 'low', hasPlate: false },
    ...{ naming: 'institution', trades: ['自来水公司', '燃气公司', '供电公司', '供热公司'] },
  },
  {
    ...{ name: 'transit', mccs: ['4111', '4131'], merchants: network.metros + network.busCities },
    dailyPayments: network.metros * metroPaymentsPerDay + network.busCities * busPaymentsPerDay,
    ...{ amount: amount(300, 0.5, [100, 2_000]), consumerPresented: 0.98, priceLevel: 'low', hasPlate: false },
    ...{ naming: 'institution', trades: ['公交集团', '客运公司'] },
  },
];

const byName = new Map(scenarios.map((scenario) => [scenario.name, scenario]));

export function scenarioNamed(name: ScenarioName): Scenario {
  const scenario = byName.get(name);
  if (scenario === undefined) throw new Error('broken invariant: every scenario name has its row');
  return scenario;
}
