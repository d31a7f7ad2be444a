import { describe, expect, it } from '@jest/globals';
import { latencyResult, throughputResult } from './bench-result.ts';
import { percentilesOf } from './percentiles.ts';
import { ratesOf } from './progress-curve.ts';

describe('percentiles', () => {
  it('are values that occurred, whatever their order', () => {
    const values = Array.from({ length: 1_000 }, (_, i) => ((i * 7) % 1_000) + 1);
    expect(percentilesOf(values)).toEqual({ p50: 501, p90: 901, p99: 991, p999: 1_000 });
  });

  it('sort numbers as numbers', () => {
    expect(percentilesOf([9, 10, 100]).p50).toBe(10);
  });

  it('are not made up where there is nothing', () => {
    expect(percentilesOf([]).p50).toBeNaN();
  });
});

describe('rates of a run', () => {
  it('tell a slow start from the middle', () => {
    const samples = [
      { atMs: 0, rows: 0 },
      { atMs: 10_000, rows: 2_000 },
      { atMs: 14_000, rows: 9_000 },
      { atMs: 24_000, rows: 10_000 },
    ];
    const rates = ratesOf(samples, 10_000);
    expect(rates.seconds).toBe(24);
    expect(rates.perSecond).toBe(417);
    expect(rates.perSecondInTheMiddle).toBe(1_750);
    expect(rates.perSecondByTenth).toEqual([200, 200, 1_750, 1_750, 1_750, 1_750, 1_750, 1_750, 1_750, 100]);
  });

  it('end when all rows are there, not when the last look was taken', () => {
    const samples = [
      { atMs: 0, rows: 0 },
      { atMs: 1_000, rows: 1_000 },
      { atMs: 5_000, rows: 1_000 },
    ];
    expect(ratesOf(samples, 1_000).seconds).toBe(1);
  });

  it('are not made up for a run that did not finish', () => {
    expect(ratesOf([{ atMs: 0, rows: 0 }], 10).perSecond).toBeNaN();
  });
});

describe('verdicts', () => {
  const latency = (p50: number, p99: number): ReturnType<typeof percentilesOf> => ({ p50, p90: p99, p99, p999: p99 });

  it('a rate needs three quarters of the rival', () => {
    expect(throughputResult(15_000, 20_000, {})).toMatchObject({
      met: true,
      ratio: 0.75,
      target: 15_000,
      rival: 20_000,
    });
    expect(throughputResult(14_999, 20_000, {}).met).toBe(false);
  });

  it('a latency needs both the median and the tail', () => {
    expect(latencyResult(latency(6.5, 13), latency(5, 10), {})).toMatchObject({ met: true, ratio: 1.3, target: 13 });
    expect(latencyResult(latency(6.6, 10), latency(5, 10), {}).met).toBe(false);
    expect(latencyResult(latency(5, 13.1), latency(5, 10), {}).met).toBe(false);
  });

  it('nothing is met without a rival', () => {
    expect(throughputResult(1, null, {}).met).toBeNull();
    expect(latencyResult(latency(1, 1), null, {}).met).toBeNull();
  });
});
