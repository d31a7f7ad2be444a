import { assert } from '@fourway/kernel';
import type { FollowUpKind, RootKind } from './operation-kinds.ts';
import { paymentLife, rootLife, type Move, type OperationStatus, type PaymentState } from './payment-life.ts';

/** The sums over a payment's operations, minor units, and what is in flight. */
export interface PaymentTotals {
  readonly rootKind: RootKind;
  readonly state: PaymentState;
  /** What the root's approval allows; a sale's is captured at once. */
  readonly authorizedMinor: bigint;
  /** Captures that stand. */
  readonly capturedMinor: bigint;
  /** Refunds that stand. */
  readonly refundedMinor: bigint;
  /** What voids and reversals gave back of authorizations and captures. */
  readonly voidedMinor: bigint;
  /** Held for the operation that is in flight, so that nothing else can have it. */
  readonly reservedMinor: bigint;
  /** One operation of a payment is in flight at a time; the next one waits. */
  readonly inFlight: { readonly operationId: string; readonly kind: FollowUpKind } | null;
  /** Of the payment's last outcome. */
  readonly sequence: number;
  /** Captures and refunds that were undone: each is once. */
  readonly undone: readonly string[];
}

/** An operation on a payment, as the totals see it. */
export interface FollowUp {
  readonly operationId: string;
  readonly kind: FollowUpKind;
  readonly move: Move;
  readonly amountMinor: bigint;
  /** Of a void or reversal: what it undoes, the root or an operation on it. */
  readonly undoes: { readonly operationId: string; readonly kind: RootKind | FollowUpKind } | null;
}

/** The totals of a payment of which only the root is decided. */
export function totalsOfRoot(root: {
  readonly kind: RootKind;
  readonly status: OperationStatus;
  readonly amountMinor: bigint;
}): PaymentTotals {
  const isApproved = root.status === 'approved';
  return {
    rootKind: root.kind,
    state: rootLife[root.kind][root.status],
    authorizedMinor: isApproved ? root.amountMinor : 0n,
    capturedMinor: isApproved && root.kind === 'sale' ? root.amountMinor : 0n,
    ...{ refundedMinor: 0n, voidedMinor: 0n, reservedMinor: 0n, inFlight: null, sequence: 1, undone: [] },
  };
}

/** The totals with the operation in flight. The limits were checked on these same totals. */
export function reserve(totals: PaymentTotals, { operationId, kind, amountMinor }: FollowUp): PaymentTotals {
  assert(totals.inFlight === null, 'one operation of a payment is in flight at a time');
  return { ...totals, reservedMinor: amountMinor, inFlight: { operationId, kind } };
}

/** The totals with one more outcome: what was reserved becomes the total, or is free again. */
export function settle(totals: PaymentTotals, followUp: FollowUp, status: OperationStatus): PaymentTotals {
  assert(
    totals.inFlight === null || totals.inFlight.operationId === followUp.operationId,
    'only the operation in flight is decided',
  );
  const decided = { ...totals, reservedMinor: 0n, inFlight: null, sequence: totals.sequence + 1 };
  if (status !== 'approved') return decided;
  const moved = { ...decided, ...sumsAfter(decided, followUp) };
  const state = stateAfter(moved, followUp.move);
  const reaction = paymentLife[totals.state][followUp.move];
  assert(
    typeof reaction === 'object' && 'approvedTo' in reaction && reaction.approvedTo.includes(state),
    `a payment's life has no way from ${totals.state} by ${followUp.move} to ${state}`,
  );
  return { ...moved, state };
}

type Sums = Pick<PaymentTotals, 'capturedMinor' | 'refundedMinor' | 'voidedMinor' | 'undone'>;

function sumsAfter(totals: PaymentTotals, { move, amountMinor, undoes }: FollowUp): Partial<Sums> {
  const undone = undoes === null ? totals.undone : [...totals.undone, undoes.operationId];
  const voidedMinor = totals.voidedMinor + amountMinor;
  switch (move) {
    case 'capture':
      return { capturedMinor: totals.capturedMinor + amountMinor };
    case 'refund':
      return { refundedMinor: totals.refundedMinor + amountMinor };
    case 'void_root':
    case 'reverse_root':
      return { capturedMinor: 0n, voidedMinor };
    case 'void_capture':
    case 'reverse_capture':
      return { capturedMinor: totals.capturedMinor - amountMinor, voidedMinor, undone };
    case 'reverse_refund':
      return { refundedMinor: totals.refundedMinor - amountMinor, undone };
  }
}

function stateAfter({ authorizedMinor, capturedMinor, refundedMinor }: PaymentTotals, move: Move): PaymentState {
  if (move === 'void_root') return 'voided';
  if (move === 'reverse_root') return 'reversed';
  if (refundedMinor > 0n) return refundedMinor === capturedMinor ? 'refunded' : 'partially_refunded';
  if (capturedMinor === 0n) return 'authorized';
  return capturedMinor === authorizedMinor ? 'captured' : 'partially_captured';
}
