import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { assertPaymentMoves, canMove, paymentMoves, paymentStatuses, type PaymentStatus } from './payment-status.ts';
import { statusMachineFaults } from './status-machine.ts';

describe("a payment's life", () => {
  it('is a sound machine', () => expect(assertPaymentMoves).not.toThrow());

  it('is decided once: no decision turns into another', () => {
    const decisions = ['declined', 'reversed', 'expired'] as const;
    for (const from of decisions) for (const to of paymentStatuses) expect(canMove(from, to)).toBe(false);
  });

  it('ends, whichever moves are taken', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(), { minLength: 30, maxLength: 30 }), (choices) => {
        let status: PaymentStatus = 'undecided';
        for (const choice of choices) {
          // Several refunds in part are one status: only moves into another one are taken here.
          const onward: readonly PaymentStatus[] = paymentMoves[status].filter((to) => to !== status);
          status = onward[choice % onward.length] ?? status;
        }
        expect(paymentMoves[status]).toEqual([]);
      }),
    );
  });
});

describe('statusMachineFaults', () => {
  it.each([
    [
      'a move into an undeclared state',
      { open: ['closed', 'lost'], closed: [] },
      'open moves to lost, which is not declared',
    ],
    [
      'a state nobody comes to',
      { open: ['closed'], closed: [], forgotten: [] },
      'forgotten cannot be reached from open',
    ],
    [
      'a circle without a way out',
      { open: ['closed', 'left'], closed: [], left: ['right'], right: ['left'] },
      'left never comes to an end',
    ],
    ['a first state that is not declared', { closed: [] }, 'the first state open is not declared'],
  ])('names %s', (_, machine, fault) => expect(statusMachineFaults(machine, 'open')).toContain(fault));
});
