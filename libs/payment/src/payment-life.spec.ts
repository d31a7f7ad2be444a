import { describe, expect, it } from '@jest/globals';
import {
  assertPaymentLife,
  moves,
  operationStatuses,
  paymentLife,
  paymentStates,
  rootLife,
  undoing,
} from './payment-life.ts';
import { statusMachineFaults } from './status-machine.ts';

describe("a payment's life", () => {
  it('is complete and sound', () => expect(assertPaymentLife).not.toThrow());

  it('has an answer to every move in every state, and a first state for every outcome of a root', () => {
    for (const state of paymentStates) expect(Object.keys(paymentLife[state]).sort()).toEqual([...moves].sort());
    for (const life of Object.values(rootLife)) expect(Object.keys(life).sort()).toEqual([...operationStatuses].sort());
  });

  it('lets nothing be taken from a payment that never was, or was undone', () => {
    for (const state of ['declined', 'expired', 'voided', 'reversed'] as const)
      for (const move of moves) expect(paymentLife[state][move]).toHaveProperty('declined');
  });

  it('voids no refund: there is no message for it', () => {
    expect(undoing('void', 'refund')).toBeNull();
    expect(undoing('reversal', 'refund')).toBe('reverse_refund');
    expect(undoing('reversal', 'void')).toBeNull();
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
