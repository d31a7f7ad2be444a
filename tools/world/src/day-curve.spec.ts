import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { minutesPerDay, shareOfMinute, shareOfMinuteOverall } from './day-curve.ts';
import { dayPace, minuteOfPayment } from './day-pace.ts';
import { scenarioNames, type ScenarioName } from './scenarios.ts';

const minutes = Array.from({ length: minutesPerDay }, (_, minute) => minute);
const shareOfHours = (scenario: ScenarioName, from: number, until: number): number =>
  minutes.slice(from * 60, until * 60).reduce((sum, minute) => sum + shareOfMinute(scenario, minute), 0);
const busiest = (scenario: ScenarioName, from: number, until: number): number =>
  minutes
    .slice(from * 60, until * 60)
    .reduce((best, minute) => (shareOfMinute(scenario, minute) > shareOfMinute(scenario, best) ? minute : best));

describe("the day's curve", () => {
  it.each(scenarioNames)('of %s sums to one day and is never negative', (name) => {
    const shares = minutes.map((minute) => shareOfMinute(name, minute));
    expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 9);
    expect(Math.min(...shares)).toBeGreaterThanOrEqual(0);
  });

  it.each([
    ['transit', 0, 13, 8 * 60],
    ['transit', 13, 24, 18 * 60],
    ['catering', 10, 15, 12 * 60 + 10],
    ['catering', 15, 24, 18 * 60 + 40],
    ['canteen', 0, 24, 11 * 60 + 55],
    ['wet_market', 0, 24, 7 * 60 + 30],
    ['government', 0, 24, 10 * 60],
    ['healthcare', 0, 24, 9 * 60 + 30],
  ] as const)(
    'of %s has its peak between %i and %i o’clock within ten minutes of minute %i',
    (name, from, until, peak) => {
      expect(Math.abs(busiest(name, from, until) - peak)).toBeLessThanOrEqual(10);
    },
  );

  it('has commuters on their way, eaters at table and offices shut at night', () => {
    expect(shareOfHours('transit', 7, 9) + shareOfHours('transit', 17, 19)).toBeGreaterThan(0.5);
    expect(shareOfHours('canteen', 11, 13)).toBeGreaterThan(0.5);
    expect(shareOfHours('government', 0, 7) + shareOfHours('government', 18, 24)).toBeLessThan(0.01);
    expect(shareOfHours('vending', 0, 5)).toBeGreaterThan(0.05);
  });

  it('of all scenarios together sums to one day, and its busiest minute is two to five times the average', () => {
    const shares = minutes.map(shareOfMinuteOverall);
    expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 9);
    const peak = Math.max(...shares) * minutesPerDay;
    expect(peak).toBeGreaterThan(2);
    expect(peak).toBeLessThan(5);
  });
});

describe('a compressed day', () => {
  const pace = dayPace({ payments: 20_000, ratePerSecond: 1_000 });

  it('takes as long as its average rate says, and never goes back', () => {
    const due = Array.from({ length: 20_001 }, (_, index) => pace.dueMs(index));
    expect(due[0]).toBeGreaterThanOrEqual(0);
    expect(due.at(-1)).toBeCloseTo(20_000, 3);
    expect(due.filter((dueMs, index) => dueMs < (due[index - 1] ?? 0))).toEqual([]);
  });

  it('is as busy in each minute as the curve', () => {
    const counts = new Map<number, number>();
    for (let index = 0; index < 200_000; index += 1) {
      const minute = minuteOfPayment(index, 200_000);
      counts.set(minute, (counts.get(minute) ?? 0) + 1);
    }
    for (const minute of minutes) {
      expect(Math.abs((counts.get(minute) ?? 0) - 200_000 * shareOfMinuteOverall(minute))).toBeLessThanOrEqual(1.001);
    }
  });

  it('has as many payments due at a time as are due by their own times', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 19_999 }), (index) => {
        expect(pace.dueBy(pace.dueMs(index) + 0.001)).toBeGreaterThanOrEqual(index + 1);
        expect(pace.dueBy(Math.max(0, pace.dueMs(index) - 0.001))).toBeLessThanOrEqual(index + 1);
      }),
    );
    expect(pace.dueBy(20_000)).toBe(Infinity);
  });
});
