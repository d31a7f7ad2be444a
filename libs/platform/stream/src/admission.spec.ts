import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { pauseAfter } from './admission.ts';

describe('the pause between two fetches', () => {
  it('is as configured at light load', () => {
    expect([0, 1, 9, 10].map((count) => pauseAfter(count, 10))).toEqual([10, 10, 10, 10]);
  });

  it('grows with what came, to twice as long, and ends where a fetch is full', () => {
    expect([15, 20, 99, 100, 5_000].map((count) => pauseAfter(count, 10))).toEqual([15, 20, 20, 0, 0]);
  });

  it('never exceeds twice what was configured, and is none where none was configured', () => {
    fc.assert(
      fc.property(fc.nat(10_000), fc.nat(1_000), (count, configuredMs) => {
        const pauseMs = pauseAfter(count, configuredMs);
        expect(pauseMs).toBeGreaterThanOrEqual(0);
        expect(pauseMs).toBeLessThanOrEqual(2 * configuredMs);
      }),
    );
  });
});
