import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { shareByParts } from './share-by-parts.ts';

const anyAmount = fc.bigInt({ min: 0n, max: 5_000_000_000n });
const anyPartsList = fc.array(fc.bigInt({ min: 0n, max: 10_000n }), { minLength: 1, maxLength: 6 });

describe('shareByParts', () => {
  it('gives what is left to the largest remainder, ties by the order of the parts', () => {
    expect(shareByParts(15n, [30n, 50n, 20n])).toEqual([5n, 7n, 3n]);
    expect(shareByParts(4_375n, [30n, 50n, 20n])).toEqual([1_313n, 2_187n, 875n]);
    expect(shareByParts(2n, [1n, 1n, 1n])).toEqual([1n, 1n, 0n]);
  });

  it('gives all to the first party where nobody has a part', () => {
    expect(shareByParts(7n, [0n, 0n, 0n])).toEqual([7n, 0n, 0n]);
  });

  it('gives a party without a part nothing', () => {
    expect(shareByParts(100n, [1n, 0n, 2n])).toEqual([33n, 0n, 67n]);
  });

  it('loses nothing and stays within one unit of the exact share', () => {
    fc.assert(
      fc.property(anyAmount, anyPartsList, (amount, parts) => {
        const shares = shareByParts(amount, parts);
        expect(shares.reduce((sum, share) => sum + share, 0n)).toBe(amount);
        const total = parts.reduce((sum, part) => sum + part, 0n);
        if (total === 0n) return;
        shares.forEach((share, i) => {
          const distance = share * total - amount * (parts[i] ?? 0n);
          expect(distance > -total && distance < total).toBe(true);
        });
      }),
    );
  });
});
