import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { hashOfOrder } from './new-order.ts';

const order = fc.record({
  merchantOrderNo: fc.string(),
  amountMinor: fc.bigInt({ min: 0n }),
  currency: fc.constant('CNY' as const),
  terminalId: fc.string(),
  expiresInSeconds: fc.nat(),
  description: fc.option(fc.string()),
});

describe('hashOfOrder', () => {
  it('is this hash for this order: stored hashes must be found again by later versions', () =>
    expect(
      hashOfOrder({
        ...{ merchantOrderNo: 'no-1', amountMinor: 12_888n, currency: 'CNY', terminalId: 'T0000001' },
        ...{ expiresInSeconds: 900, description: null },
      }),
    ).toBe('b794d6c96ad4a2e2514e24c4cd4aaf470a8896e8e338c43f67c975b387387ccc'));

  it('is the same for two orders if and only if every field is', () => {
    fc.assert(
      fc.property(order, order, (a, b) => {
        const isSame = Object.keys(a).every((key) => a[key as keyof typeof a] === b[key as keyof typeof b]);
        expect(hashOfOrder(a) === hashOfOrder(b)).toBe(isSame);
        expect(hashOfOrder({ ...a })).toBe(hashOfOrder(a));
      }),
    );
  });

  it('tells no description from an empty one, and fields that run into each other', () => {
    const base = {
      amountMinor: 1n,
      currency: 'CNY' as const,
      expiresInSeconds: 900,
      merchantOrderNo: 'a',
      terminalId: 'b',
    };
    const hashes = [
      hashOfOrder({ ...base, description: null }),
      hashOfOrder({ ...base, description: '' }),
      hashOfOrder({ ...base, merchantOrderNo: 'a","b', terminalId: '', description: null }),
    ];
    expect(new Set(hashes).size).toBe(3);
  });
});
