import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { feeOf } from './fee-terms.ts';

describe('feeOf', () => {
  it('rounds half up to the fen', () => {
    expect(feeOf(100n, 4_500n, 0n)).toBe(0n);
    expect(feeOf(100n, 5_000n, 0n)).toBe(1n);
    expect(feeOf(12_888n, 4_500n, 0n)).toBe(58n);
  });

  it('caps after rounding, and takes a cap of zero for none', () => {
    expect(feeOf(1_000_000n, 3_500n, 1_300n)).toBe(1_300n);
    expect(feeOf(1_000_000n, 3_500n, 0n)).toBe(3_500n);
  });

  it('is never further than half a unit from the exact rate', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: 0n, max: 5_000_000_000n }),
        fc.bigInt({ min: 0n, max: 1_000_000n }),
        (amount, ppm) => {
          const twiceError = 2n * (feeOf(amount, ppm, 0n) * 1_000_000n - amount * ppm);
          expect(twiceError > -1_000_000n && twiceError <= 1_000_000n).toBe(true);
        },
      ),
    );
  });

  it('refuses a rate above the whole amount and a negative amount', () => {
    expect(() => feeOf(1n, 1_000_001n, 0n)).toThrow('broken invariant');
    expect(() => feeOf(-1n, 1n, 0n)).toThrow('broken invariant');
  });
});
