import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { formatMinor, isCurrency } from './money.ts';

describe('formatMinor', () => {
  it.each([
    [12_888n, '128.88'],
    [5n, '0.05'],
    [0n, '0.00'],
    [-105n, '-1.05'],
    [9_007_199_254_740_993n, '90071992547409.93'],
  ])('writes %s as %s', (minor, text) => expect(formatMinor(minor, 'CNY')).toBe(text));

  it('loses no cent of any amount', () => {
    fc.assert(
      fc.property(fc.bigInt(), (minor) => expect(BigInt(formatMinor(minor, 'CNY').replace('.', ''))).toBe(minor)),
    );
  });
});

it('knows only the currencies the network clears, whatever Object.prototype offers', () => {
  expect(['CNY', 'USD', 'toString', ''].map(isCurrency)).toEqual([true, false, false, false]);
});
