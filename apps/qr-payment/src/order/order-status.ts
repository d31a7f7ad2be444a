import { assert } from '@fourway/kernel';
import { statusMachineFaults, type StatusMachine } from '@fourway/payment';

export const orderStatuses = ['created', 'paying', 'paid', 'failed', 'closed', 'expired'] as const;

/** Where an order stands. */
export type OrderStatus = (typeof orderStatuses)[number];

/** Where a payment for an order stands; all but `pending` are final. A refusal is no outcome and yet ends this payment. */
export const paymentStates = ['pending', 'approved', 'declined', 'reversed', 'expired', 'refused'] as const;
export type PaymentState = (typeof paymentStates)[number];

/** A payer may try this often; then the order fails. Bounds what a thief learns about cards from one code. */
export const maxTries = 5;

/** An order's life. `expired` is `created` past its time: nobody has to write it down. */
export const orderMoves: StatusMachine<OrderStatus> = {
  created: ['paying', 'closed', 'expired'],
  paying: ['paid', 'created', 'failed', 'expired'],
  paid: [],
  failed: [],
  closed: [],
  expired: [],
};

/** True where an order will not change any more. */
export const isFinalOrder = (status: OrderStatus): boolean => orderMoves[status].length === 0;

/** Where an order goes when the payment it waits for has ended. `complete-payment.repository.ts` says the same in SQL. */
export function orderAfter(
  payment: Exclude<PaymentState, 'pending'>,
  { tries, isPastExpiry }: { readonly tries: number; readonly isPastExpiry: boolean },
): OrderStatus {
  if (payment === 'approved') return 'paid';
  if (tries >= maxTries) return 'failed';
  return isPastExpiry ? 'expired' : 'created';
}

/**
 * For the service's start.
 * @throws Error naming every fault
 */
export function assertOrderMoves(): void {
  const faults = statusMachineFaults(orderMoves, 'created');
  assert(faults.length === 0, `the order's statuses form a sound machine; ${faults.join('; ')}`);
}
