import type { OutcomeStatusName } from '@fourway/contracts';
import type { BadInput } from './bad-input.ts';

/** Payments with operations on them. */
export type OperationStimulus =
  | 'authorize_capture'
  | 'partial_captures'
  | 'early_capture'
  | 'void_sale'
  | 'void_authorization'
  | 'refund'
  | 'partial_refunds'
  | 'over_refund'
  | 'reversal';

/** Why a payment is sent: what of the switch it is there to try. */
export type PaymentStimulus =
  | 'sale'
  | 'duplicate_in_batch'
  | 'duplicate_in_flight'
  | 'duplicate_after_outcome'
  | 'conflict'
  | 'acquirer_decline'
  | 'denied_card'
  | 'card_velocity'
  | 'suspended_merchant'
  | 'expired_request'
  | OperationStimulus;
export type Stimulus = PaymentStimulus | BadInput;

/** One record to produce to payments.requested.v1. */
export interface TrafficRecord {
  readonly eventId: string;
  readonly key: string;
  readonly value: Buffer;
  /** What it is to its operation. */
  readonly role: 'request' | 'duplicate' | 'conflict';
  /** When to send it: milliseconds after the item is due, or once the operation's outcome was read. */
  readonly send: { readonly afterMs: number } | 'after_outcome';
}

/** What must come back for the item's first record. */
export type Expected =
  | { readonly answer: 'outcome'; readonly status?: OutcomeStatusName }
  | { readonly answer: 'refusal'; readonly code: string }
  | { readonly answer: 'dead_letter'; readonly code: string };

export interface TrafficItem {
  readonly stimulus: Stimulus;
  /** Empty where the record names none that could be read. */
  readonly operationId: string;
  readonly scenario: string;
  readonly records: readonly TrafficRecord[];
  readonly expected: Expected;
  /** Other operations of the same payment. */
  readonly following?: readonly FollowingItem[];
  /** True where it waits for another operation by intent. */
  readonly isEarly?: boolean;
}

/** An operation that is sent because of another one's item. */
export interface FollowingItem {
  /** Milliseconds after the other one is due, or once its approval was read; never where it is not approved. */
  readonly send: { readonly afterMs: number } | 'after_approval';
  readonly item: TrafficItem;
}
