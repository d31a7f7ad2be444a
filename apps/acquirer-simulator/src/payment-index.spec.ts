import { describe, expect, it } from '@jest/globals';
import { PaymentIndex } from './payment-index.ts';
import type { PaymentReference } from './book-entry.ts';

const reference = (number: number): PaymentReference => ({
  transmissionDateTime: '1122140502',
  stan: String(number % 1_000_000).padStart(6, '0'),
  rrn: `RRN${String(number).padStart(9, '0')}`,
});

describe('PaymentIndex', () => {
  it('finds each of 100,000 payments and nothing else', () => {
    const offsets = new Map<number, PaymentReference>();
    const index = new PaymentIndex(({ rrn }, offset) => offsets.get(offset)?.rrn === rrn);
    const count = 100_000;
    for (let number = 0; number < count; number += 1) {
      // Offsets beyond 32 bits: a book of several days.
      const offset = number * 100_003;
      offsets.set(offset, reference(number));
      index.set(reference(number), { state: number % 2 === 0 ? 'approved' : 'declined', offset });
    }
    expect(index.size).toBe(count);
    for (let number = 0; number < count; number += 7) {
      expect(index.find(reference(number))).toEqual({
        state: number % 2 === 0 ? 'approved' : 'declined',
        offset: number * 100_003,
      });
      expect(index.find(reference(count + number))).toBeUndefined();
    }
  });

  it('keeps payments apart whose fingerprints collide: the book decides', () => {
    const index = new PaymentIndex(({ rrn }, offset) => rrn === reference(offset).rrn);
    index.set(reference(1), { state: 'approved', offset: 1 });
    index.set(reference(2), { state: 'declined', offset: 2 });
    expect(index.find(reference(1))).toEqual({ state: 'approved', offset: 1 });
    const blind = new PaymentIndex(() => false);
    blind.set(reference(1), { state: 'approved', offset: 1 });
    expect(blind.find(reference(1))).toBeUndefined();
  });

  it('replaces the state of a payment it knows', () => {
    const index = new PaymentIndex(() => true);
    index.set(reference(1), { state: 'approved', offset: 0 });
    index.set(reference(1), { state: 'reversed', offset: 90 });
    expect(index.find(reference(1))).toEqual({ state: 'reversed', offset: 90 });
    expect(index.size).toBe(1);
  });
});
