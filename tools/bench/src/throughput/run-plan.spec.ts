import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { longestExpiryMs, RunPlan } from './run-plan.ts';

const minute = 60_000;
const epochMs = 1_763_800_000_000;
const ratePerSecond = fc.integer({ min: 100, max: 40_000 });

/** When each request is dated, if `count` are produced evenly over `producingMs` before a run at the rate. */
function datesOf({ count, producingMs, perSecond }: { count: number; producingMs: number; perSecond: number }) {
  let nowMs = epochMs;
  const startMs = epochMs + producingMs;
  const plan = new RunPlan({ startMs, perSecond, clock: { nowMs: () => nowMs } });
  return Array.from({ length: count }, (_, i) => {
    nowMs = epochMs + (producingMs * i) / count;
    const atMs = plan.nowMs();
    plan.advance();
    return { atMs, producedMs: nowMs, dueMs: startMs + (i / perSecond) * 1_000 };
  });
}

describe('a planned run', () => {
  it('never dates a request more than five minutes ahead of its record', () => {
    fc.assert(
      fc.property(ratePerSecond, fc.integer({ min: 0, max: 10 * minute }), (perSecond, producingMs) => {
        const ahead = datesOf({ count: 2_000, producingMs, perSecond }).map(
          ({ atMs, producedMs }) => atMs - producedMs,
        );
        expect(Math.max(...ahead)).toBeLessThanOrEqual(5 * minute - 10_000);
      }),
    );
  });

  it('lets none expire before its turn, even in a run that takes two fifths longer than expected', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 0, max: 8 * minute }), (perSecond, producingMs) => {
        const plan = new RunPlan({ startMs: 0, perSecond, clock: { nowMs: () => 0 } });
        const startMs = epochMs + producingMs;
        const left = datesOf({ count: plan.mostWaiting, producingMs, perSecond }).map(
          ({ atMs, dueMs }) => atMs + longestExpiryMs - (startMs + (dueMs - startMs) * 1.4),
        );
        expect(Math.min(...left)).toBeGreaterThan(0);
      }),
    );
  });

  it('dates requests along the run where it may', () => {
    const dates = datesOf({ count: 1_000, producingMs: 10_000, perSecond: 100 }).map(({ atMs }) => atMs);
    expect([dates[0], dates[999]]).toEqual([epochMs + 10_000, epochMs + 19_990]);
  });
});
