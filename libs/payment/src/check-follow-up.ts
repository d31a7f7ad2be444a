import { isFollowUpKind, isRootKind, type FollowUpKind } from './operation-kinds.ts';
import { paymentLife, undoing, type LifeDecline, type Move } from './payment-life.ts';
import type { FollowUp, PaymentTotals } from './payment-totals.ts';

/** Response codes of operations on a payment that the switch itself declines. */
export type FollowUpDecline =
  | LifeDecline
  /** The root was not there when the time of an early operation was up. */
  | 'payment_not_found'
  /** What a void or reversal names is no approved operation of this payment. */
  | 'operation_not_found'
  | 'amount_exceeds_authorized'
  | 'amount_exceeds_captured'
  /** A void and a reversal undo the whole. */
  | 'amount_differs'
  /** Its business date has ended: what is settled is refunded, not undone. */
  | 'already_settled';

/** An operation of the payment that another one names: the root, or the capture or refund to undo. */
export interface Original {
  readonly operationId: string;
  readonly kind: string;
  readonly status: string;
  readonly amountMinor: bigint;
  /** `YYYY-MM-DD`. */
  readonly businessDate: string;
}

export interface RequestedFollowUp {
  readonly operationId: string;
  readonly kind: FollowUpKind;
  readonly amountMinor: bigint;
}

export interface FollowUpFacts {
  readonly totals: PaymentTotals;
  /** What is to be undone: the root unless the request names another; null where the payment has no such operation. */
  readonly original: Original | null;
  /** The business date that is open now, `YYYY-MM-DD`. */
  readonly today: string;
}

export type FollowUpVerdict =
  | { readonly kind: 'allowed'; readonly followUp: FollowUp }
  | { readonly kind: 'declined'; readonly followUp: FollowUp; readonly responseCode: FollowUpDecline };

/** Whether a payment allows an operation, by its life and its totals. Nothing of the payment is in flight. Pure. */
export function checkFollowUp(request: RequestedFollowUp, facts: FollowUpFacts): FollowUpVerdict {
  const { operationId, kind, amountMinor } = request;
  const isUndoing = kind === 'void' || kind === 'reversal';
  const undoes = isUndoing ? knownOriginal(facts.original) : null;
  const move = isUndoing ? undoes && undoing(kind, undoes.kind) : kind;
  const followUp: FollowUp = { operationId, kind, amountMinor, undoes, move: move ?? 'void_root' };
  const responseCode = move === null ? 'operation_not_found' : whyNot(move, amountMinor, facts);
  return responseCode === null ? { kind: 'allowed', followUp } : { kind: 'declined', followUp, responseCode };
}

function knownOriginal(original: Original | null): FollowUp['undoes'] {
  if (original === null) return null;
  const { operationId, kind } = original;
  return isRootKind(kind) || isFollowUpKind(kind) ? { operationId, kind } : null;
}

function whyNot(move: Move, amountMinor: bigint, facts: FollowUpFacts): FollowUpDecline | null {
  const { totals, original } = facts;
  const reaction = paymentLife[totals.state][move];
  if (reaction === 'wait') return 'payment_not_found';
  // Also where the state says no: that this one was undone before says more.
  if (original !== null && totals.undone.includes(original.operationId)) return 'already_voided';
  if ('declined' in reaction) return reaction.declined;
  return whyTooMuch(move, amountMinor, facts);
}

function whyTooMuch(move: Move, amountMinor: bigint, facts: FollowUpFacts): FollowUpDecline | null {
  const { authorizedMinor, capturedMinor, refundedMinor } = facts.totals;
  if (move === 'capture') return capturedMinor + amountMinor > authorizedMinor ? 'amount_exceeds_authorized' : null;
  if (move === 'refund') return refundedMinor + amountMinor > capturedMinor ? 'amount_exceeds_captured' : null;
  const { original } = facts;
  return original === null ? 'operation_not_found' : whyNotUndone(move, amountMinor, { ...facts, original });
}

function whyNotUndone(
  move: Move,
  amountMinor: bigint,
  { totals, original, today }: FollowUpFacts & { readonly original: Original },
): FollowUpDecline | null {
  if (original.status !== 'approved') return 'operation_not_found';
  const isRoot = move === 'void_root' || move === 'reverse_root';
  // An authorization that is captured is undone capture by capture.
  if (isRoot && totals.rootKind === 'authorize' && totals.capturedMinor > 0n) return 'payment_captured';
  if (amountMinor !== original.amountMinor) return 'amount_differs';
  // A hold is not settled, however old it is.
  const isHold = isRoot && totals.rootKind === 'authorize';
  return !isHold && original.businessDate < today ? 'already_settled' : null;
}
