import type { FollowUp, PaymentTotals } from '@fourway/payment';
import type { AttemptKind, OriginalAttempt } from '../acquirer-link/attempt-kind.ts';
import type { StoredOutcome } from '../decide-outcome/outcome-row.ts';

/** The acquirer is asked once for every operation. */
const onlyAttemptNo = 1;

/** What an operation is on, and what it does there. */
export interface OnPayment {
  readonly followUp: FollowUp;
  /** With the operation in flight. */
  readonly totals: PaymentTotals;
  readonly root: StoredOutcome;
  /** What the request to the acquirer names: the root, or the capture that is voided. */
  readonly original: StoredOutcome;
  readonly attemptKind: AttemptKind;
  /** True where the root's outcome may not have been published yet by whoever decided it. */
  readonly mayPrecedeRoot: boolean;
}

export const originalAttemptOf = ({ original }: OnPayment): OriginalAttempt => ({
  operationId: original.operationId,
  attemptNo: onlyAttemptNo,
  kind: attemptKindOf(original),
  authCode: original.authCode,
});

/** As what the operation of an outcome went to its acquirer; only those that can be an original. */
export function attemptKindOf({ kind }: Pick<StoredOutcome, 'kind'>): AttemptKind {
  if (kind === 'sale' || kind === 'authorize' || kind === 'capture' || kind === 'refund') return kind;
  throw new Error(`broken invariant: nothing is done to a ${kind}`);
}

/** What the operation is to its acquirer; null for a reversal, which goes out as the 0420 of what it undoes. */
export function requestKindOf({ kind }: FollowUp, original: StoredOutcome): AttemptKind | null {
  switch (kind) {
    case 'capture':
    case 'refund':
      return kind;
    case 'void':
      if (original.kind === 'authorize') return 'void_authorize';
      return original.kind === 'capture' ? 'void_capture' : 'void_sale';
    case 'reversal':
      return null;
  }
}
