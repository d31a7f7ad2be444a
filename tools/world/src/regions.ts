/** A place that merchants are counted by: a provincial unit of mainland China, or a city that the state plans separately. */
export interface Region {
  /** GB/T 2260 division code. */
  readonly code: string;
  readonly name: string;
  /** The capital or the city itself, for names of merchants. */
  readonly city: string;
  /** Permanent residents in units of 100,000 (seventh census, 2020); a province without its separately planned city. */
  readonly weight: number;
}

const region = (code: string, name: string, city: string, weight: number): Region => ({ code, name, city, weight });

/** The 31 provincial units. */
export const provinces: readonly Region[] = [
  region('110000', '北京', '北京', 219),
  region('120000', '天津', '天津', 139),
  region('130000', '河北', '石家庄', 746),
  region('140000', '山西', '太原', 349),
  region('150000', '内蒙古', '呼和浩特', 240),
  region('210000', '辽宁', '沈阳', 351),
  region('220000', '吉林', '长春', 241),
  region('230000', '黑龙江', '哈尔滨', 319),
  region('310000', '上海', '上海', 249),
  region('320000', '江苏', '南京', 848),
  region('330000', '浙江', '杭州', 552),
  region('340000', '安徽', '合肥', 610),
  region('350000', '福建', '福州', 363),
  region('360000', '江西', '南昌', 452),
  region('370000', '山东', '济南', 914),
  region('410000', '河南', '郑州', 994),
  region('420000', '湖北', '武汉', 578),
  region('430000', '湖南', '长沙', 664),
  region('440000', '广东', '广州', 1084),
  region('450000', '广西', '南宁', 501),
  region('460000', '海南', '海口', 101),
  region('500000', '重庆', '重庆', 321),
  region('510000', '四川', '成都', 837),
  region('520000', '贵州', '贵阳', 386),
  region('530000', '云南', '昆明', 472),
  region('540000', '西藏', '拉萨', 36),
  region('610000', '陕西', '西安', 395),
  region('620000', '甘肃', '兰州', 250),
  region('630000', '青海', '西宁', 59),
  region('640000', '宁夏', '银川', 72),
  region('650000', '新疆', '乌鲁木齐', 259),
];

/** The 5 separately planned cities (计划单列市), which report apart from their provinces. */
export const plannedCities: readonly Region[] = [
  region('210200', '大连', '大连', 75),
  region('330200', '宁波', '宁波', 94),
  region('350200', '厦门', '厦门', 52),
  region('370200', '青岛', '青岛', 101),
  region('440300', '深圳', '深圳', 176),
];

export const regions: readonly Region[] = [...provinces, ...plannedCities];

/** Where the metros of the head of every world are; each in a region of its own. */
export const metroCities: readonly string[] = [
  ...['310000', '110000', '440000', '440300', '510000', '500000'],
  ...['420000', '610000', '330000', '320000', '120000', '370200'],
];

const byCode = new Map(regions.map((one) => [one.code, one]));

export function regionOfCode(code: string): Region {
  const found = byCode.get(code);
  if (found === undefined) throw new Error(`broken invariant: there is a region ${code}`);
  return found;
}
