import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  assertOrderMoves,
  isFinalOrder,
  maxTries,
  orderAfter,
  orderMoves,
  paymentStates,
  type OrderStatus,
  type PaymentState,
} from './order-status.ts';

const ends = paymentStates.filter((state): state is Exclude<PaymentState, 'pending'> => state !== 'pending');

describe("an order's life", () => {
  it('is a sound machine', () => expect(assertOrderMoves).not.toThrow());

  it('goes only where it may, ends within five tries, and is paid if and only if a payment was approved', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...ends), { maxLength: 20 }),
        fc.nat({ max: 20 }),
        (payments, expiresAfter) => {
          let status: OrderStatus = 'created';
          let tries = 0;
          for (const payment of payments) {
            if (status !== 'created') break;
            expect(orderMoves[status]).toContain('paying');
            tries++;
            const next: OrderStatus = orderAfter(payment, { tries, isPastExpiry: tries > expiresAfter });
            expect(orderMoves.paying).toContain(next);
            status = next;
          }
          expect(tries).toBeLessThanOrEqual(maxTries);
          expect(status === 'paid').toBe(payments.slice(0, tries).includes('approved'));
          if (tries === maxTries) expect(isFinalOrder(status)).toBe(true);
        },
      ),
    );
  });

  it('is paid by an approval whatever else is true: money has moved', () => {
    fc.assert(
      fc.property(fc.nat(), fc.boolean(), (tries, isPastExpiry) =>
        expect(orderAfter('approved', { tries, isPastExpiry })).toBe('paid'),
      ),
    );
  });
});
