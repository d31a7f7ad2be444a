import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { DrainPace } from './drain-pace.ts';

interface Flow {
  readonly inPerSecond: number;
  readonly outPerSecond: number;
  readonly seconds: number;
}

/** What each look says, twice a second, of a group that does what it can of what comes. */
function looksAt({ inPerSecond, outPerSecond, seconds }: Flow): (number | null)[] {
  const pace = new DrainPace();
  let [come, done] = [0, 0];
  return Array.from({ length: seconds * 2 }, (_, look) => {
    come += inPerSecond / 2;
    done = Math.min(come, done + outPerSecond / 2);
    return pace.waitAfter(look * 500, { isOverdue: false, done, waiting: come - done });
  });
}

describe('the wait of what comes now', () => {
  it('is told before the oldest record has waited that long', () => {
    // 4,000/s more than can be done: after 3 s 12,000 wait, three seconds' work; the oldest is 1.5 s old.
    const waits = looksAt({ inPerSecond: 8_000, outPerSecond: 4_000, seconds: 4 });
    expect(waits.findIndex((wait) => (wait ?? 0) >= 3_000)).toBe(5);
    expect(waits[5]).toBe(3_000);
  });

  it('is not guessed from a group that does all that comes, nor from one that does nothing', () => {
    expect(new Set(looksAt({ inPerSecond: 1_900, outPerSecond: 4_000, seconds: 5 }))).toEqual(new Set([null]));
    expect(new Set(looksAt({ inPerSecond: 8_000, outPerSecond: 0, seconds: 5 }))).toEqual(new Set([null]));
  });

  it('is not guessed from what was done while little came', () => {
    const pace = new DrainPace();
    const standing = { isOverdue: false, waiting: 10, done: 0 };
    for (let look = 0; look < 6; look++) expect(pace.waitAfter(look * 500, { ...standing, done: look })).toBeNull();
    // A burst: five records in three seconds are not its pace.
    expect(pace.waitAfter(3_000, { ...standing, done: 6, waiting: 50_000 })).toBeNull();
    expect(pace.waitAfter(3_500, { ...standing, done: 2_006, waiting: 48_000 })).toBeNull();
    expect(pace.waitAfter(4_000, { ...standing, done: 4_006, waiting: 46_000 })).toBe(11_500);
  });

  it('begins anew where the group was rewound', () => {
    const pace = new DrainPace();
    const backlog = { isOverdue: false, waiting: 20_000 };
    for (const look of [0, 1, 2, 3]) pace.waitAfter(look * 500, { ...backlog, done: 100_000 + look * 2_000 });
    expect(pace.waitAfter(2_000, { ...backlog, done: 0 })).toBeNull();
  });

  it('is what remains to be done over the pace, whatever the flow (property)', () => {
    const rate = fc.integer({ min: 2_000, max: 40_000 });
    fc.assert(
      fc.property(rate, rate, (outPerSecond, more) => {
        const waits = looksAt({ inPerSecond: outPerSecond + more, outPerSecond, seconds: 10 });
        for (const [look, wait] of waits.entries())
          if (wait !== null) expect(wait).toBeCloseTo((((look + 1) * more) / 2 / outPerSecond) * 1_000, 3);
        expect(waits.at(-1)).not.toBeNull();
      }),
    );
  });
});
