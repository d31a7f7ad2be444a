import { assert } from '@fourway/kernel';
import { statusMachineFaults, type StatusMachine } from './status-machine.ts';

export const paymentStatuses = [
  'undecided',
  'authorized',
  'approved',
  'declined',
  'reversed',
  'expired',
  'voided',
  'partially_refunded',
  'refunded',
] as const;

/** Where a payment stands: the fold of the outcomes of its operations. */
export type PaymentStatus = (typeof paymentStatuses)[number];

/**
 * A payment's life. An outcome never changes, so nothing leads back; an approval that arrives after `reversed` is reversed at
 * the acquirer and moves nothing here.
 */
export const paymentMoves: StatusMachine<PaymentStatus> = {
  undecided: ['authorized', 'approved', 'declined', 'reversed', 'expired'],
  // An authorize was approved: its money is held, and a capture turns it into a payment.
  authorized: ['approved', 'voided', 'reversed', 'expired'],
  // A sale or a capture was approved: the money is the merchant's.
  approved: ['voided', 'partially_refunded', 'refunded'],
  partially_refunded: ['partially_refunded', 'refunded'],
  declined: [],
  reversed: [],
  expired: [],
  voided: [],
  refunded: [],
};

/** True where a payment may go from one status to the other. */
export const canMove = (from: PaymentStatus, to: PaymentStatus): boolean => paymentMoves[from].includes(to);

/**
 * For a service's start: refuses to run on a payment life that has dead ends or unreachable states.
 * @throws Error naming every fault
 */
export function assertPaymentMoves(): void {
  const faults = statusMachineFaults(paymentMoves, 'undecided');
  assert(faults.length === 0, `the payment's statuses form a sound machine; ${faults.join('; ')}`);
}
