import { describe, expect, it } from '@jest/globals';
import { growthResult, storageResult } from './growth-result.ts';

const tenths = (third: number, eighth: number): number[] =>
  Array.from({ length: 10 }, (_, i) => (i === 2 ? third : i === 7 ? eighth : 1));
const baseline = (total: number) => ({ payments: 1_000_000, cpuMicrosPerPayment: { total }, perSecond: 1, from: 'x' });
const met = (third: number, eighth: number, costs: { day: number; million: number | null }): boolean | null =>
  growthResult(
    {
      ...{ perSecondByTenth: tenths(third, eighth), cpuMicrosTotal: costs.day },
      baseline: costs.million === null ? null : baseline(costs.million),
    },
    {},
  ).met;

describe('B2', () => {
  it('is met by a flat rate at a flat cost', () => {
    expect(met(1_000, 900, { day: 115, million: 100 })).toBe(true);
  });

  it('is missed by a falling rate, with or without a baseline', () => {
    expect(met(1_000, 899, { day: 100, million: 100 })).toBe(false);
    expect(met(1_000, 899, { day: 100, million: null })).toBe(false);
  });

  it('is missed by a growing cost', () => {
    expect(met(1_000, 1_000, { day: 116, million: 100 })).toBe(false);
  });

  it('is not judged without a baseline where the rate is flat', () => {
    expect(met(1_000, 1_000, { day: 100, million: null })).toBeNull();
  });
});

describe('B5', () => {
  it('holds bytes a payment and merchants in Redis against their bounds', () => {
    const figures = { postgresBytesPerPayment: 700, merchants: 3_000_000, redisMiB: 512, rebuildSeconds: 60 };
    expect(storageResult(figures, {}).met).toBe(true);
    expect(storageResult({ ...figures, postgresBytesPerPayment: 701 }, {}).met).toBe(false);
    expect(storageResult({ ...figures, redisMiB: 513 }, {}).met).toBe(false);
    expect(storageResult({ ...figures, rebuildSeconds: 61 }, {}).met).toBe(false);
  });

  it('says nothing of six million merchants from a world in which their hashes are nearly empty', () => {
    const { met, detail } = storageResult(
      { postgresBytesPerPayment: 600, merchants: 200_000, redisMiB: 44, rebuildSeconds: 1 },
      {},
    );
    expect(met).toBe(true);
    expect(detail).toMatchObject({ ofSixMillion: { redisMiB: null, rebuildSeconds: null } });
  });
});
