/** Provincial units by the first two digits of their GB/T 2260 code, in the letters tag 60 allows. */
const provinces: Readonly<Record<string, string>> = {
  ...{ 11: 'BEIJING', 12: 'TIANJIN', 13: 'HEBEI', 14: 'SHANXI', 15: 'NEIMENGGU', 21: 'LIAONING', 22: 'JILIN' },
  ...{ 23: 'HEILONGJIANG', 31: 'SHANGHAI', 32: 'JIANGSU', 33: 'ZHEJIANG', 34: 'ANHUI', 35: 'FUJIAN', 36: 'JIANGXI' },
  ...{ 37: 'SHANDONG', 41: 'HENAN', 42: 'HUBEI', 43: 'HUNAN', 44: 'GUANGDONG', 45: 'GUANGXI', 46: 'HAINAN' },
  ...{ 50: 'CHONGQING', 51: 'SICHUAN', 52: 'GUIZHOU', 53: 'YUNNAN', 54: 'XIZANG', 61: 'SHAANXI', 62: 'GANSU' },
  ...{ 63: 'QINGHAI', 64: 'NINGXIA', 65: 'XINJIANG', 71: 'TAIWAN', 81: 'HONG KONG', 82: 'MACAO' },
};

/** The five cities that the state plans separately from their provinces. */
const plannedCities: Readonly<Record<string, string>> = {
  ...{ 2102: 'DALIAN', 3302: 'NINGBO', 3502: 'XIAMEN', 3702: 'QINGDAO', 4403: 'SHENZHEN' },
};

/** What the code shows as the merchant's city. */
export const merchantCity = (region: string): string =>
  plannedCities[region.slice(0, 4)] ?? provinces[region.slice(0, 2)] ?? 'CHINA';
