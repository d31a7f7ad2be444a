import type { FieldError } from '@fourway/kernel';
import {
  checkFollowUp,
  effectiveExpiryMs,
  isFollowUpKind,
  reserve,
  totalsOfRoot,
  type FollowUpFacts,
  type FollowUpKind,
  type PaymentTotals,
  type RootKind,
} from '@fourway/payment';
import type { NewReversal } from '../decide-outcome/outcome.repository.ts';
import type { NewOutcome, StoredOutcome } from '../decide-outcome/outcome-row.ts';
import type { Attempt, Incoming, Parties } from '../operation.ts';
import { idTooOld } from '../retention/horizons.ts';
import { contradictionOf } from './contradictions.ts';
import { requestKindOf, type OnPayment } from './on-payment.ts';
import {
  declined,
  requestedReversal,
  reversalApproved,
  withoutPayment,
  type DecidedFollowUp,
} from './outcome-of-follow-up.ts';
import type { ClaimOfFollowUp, PaymentPicture } from './payment-picture.repository.ts';

/** The totals that a claim leaves behind, if they are still at the version it was planned on. */
export interface TotalsChange {
  /** 0 where there is no row yet. */
  readonly version: number;
  readonly after: PaymentTotals;
  readonly undone: string | null;
}

/** What is written with the claim of an operation on a payment. */
export interface FollowUpClaim {
  /** Null where there is no payment. */
  readonly totals: TotalsChange | null;
  /** Present where nobody has to be asked. */
  readonly outcome: NewOutcome | null;
  readonly reversal: NewReversal | null;
  readonly attempt: Attempt | null;
}

/** What to do with an operation on a payment. */
export type FollowUpPlan =
  | { readonly kind: 'answer'; readonly claim: ClaimOfFollowUp; readonly outcome: StoredOutcome }
  /** Claimed by another process, which may still decide it. */
  | { readonly kind: 'elsewhere'; readonly claim: ClaimOfFollowUp }
  /** Claimed: by us, in a statement whose answer was lost; or by a process that is gone. */
  | { readonly kind: 'go_on' | 'unknown'; readonly claim: ClaimOfFollowUp; readonly attempt: Attempt }
  | { readonly kind: 'refuse'; readonly error: FieldError }
  /** Something of its payment is undecided, or comes before it. */
  | { readonly kind: 'wait' }
  /** Its root is not there yet. */
  | { readonly kind: 'early' }
  | { readonly kind: 'claim'; readonly claim: FollowUpClaim };

export interface FollowUpContext {
  readonly picture: PaymentPicture;
  readonly parties: Parties | FieldError;
  readonly nowMs: number;
  /** An id below it that was never claimed is refused: a claim of it may be forgotten. */
  readonly oldestId: string;
  /** Ours. */
  readonly writer: string;
  readonly isFromQueue: boolean;
  /** From a claim to the time when its owner must have decided it, milliseconds. */
  readonly takeUpAfterMs: number;
}

/** Plans one operation on a payment from what the books say at this instant. Pure. */
export function planFollowUp(incoming: Incoming, context: FollowUpContext): FollowUpPlan {
  const { picture, parties } = context;
  if (picture.claim !== null) return planClaimed(incoming, picture.claim, context);
  if (isTooOld(incoming, context)) return { kind: 'refuse', error: idTooOld };
  if ('code' in parties) return { kind: 'refuse', error: parties };
  // First: without a payment there is no order to keep, and each one's time runs from when it came, not from when the one before it was given up.
  if (picture.root === null) return planWithoutRoot(incoming, parties, context);
  if (picture.isBehindParked) return { kind: 'wait' };
  const { outcome: root } = picture.root;
  if (root === null) return { kind: 'wait' };
  const { operation } = incoming.scored;
  const error = contradictionOf(operation, { ...picture.root, outcome: root }, picture.totals);
  if (error !== null) return { kind: 'refuse', error };
  const { totals, version } = totalsIn(picture, root);
  if (totals.inFlight !== null) return { kind: 'wait' };
  const isExpired = hasExpired(incoming, context);
  return { kind: 'claim', claim: claimOn({ ...context, incoming, parties, root, totals, version, isExpired }) };
}

/** What was in time when it was parked is so still; its row keeps the days it needs. */
const isTooOld = ({ scored }: Incoming, { isFromQueue, oldestId }: FollowUpContext): boolean =>
  !isFromQueue && scored.operation.operationId < oldestId;

function planClaimed(incoming: Incoming, claim: ClaimOfFollowUp, context: FollowUpContext): FollowUpPlan {
  const { picture, writer, nowMs, isFromQueue, takeUpAfterMs } = context;
  if (picture.outcome !== null) return { kind: 'answer', claim, outcome: picture.outcome };
  const isOurs = claim.writer === writer;
  const isAbandoned = isFromQueue && claim.claimedAtMs + takeUpAfterMs <= nowMs;
  // Another body under the id is refused where it is left to its claim's owner.
  const isSame = claim.fingerprint === incoming.fingerprint;
  const attempt = isSame && (isOurs || isAbandoned) ? claimedAttempt(incoming, claim, context) : null;
  return attempt === null ? { kind: 'elsewhere', claim } : { kind: isOurs ? 'go_on' : 'unknown', claim, attempt };
}

/** The attempt as it was claimed: the totals hold it in flight. Null while its merchant is not in the directory. */
function claimedAttempt(incoming: Incoming, claim: ClaimOfFollowUp, context: FollowUpContext): Attempt | null {
  const { picture, parties, isFromQueue } = context;
  const root = picture.root?.outcome ?? null;
  if ('code' in parties || root === null) return null;
  const { acquirerId, feeContractId } = claim;
  const { totals } = totalsIn(picture, root);
  const before = { ...totals, inFlight: null, reservedMinor: 0n };
  const { followUp } = checkFollowUp(requestOf(incoming), factsOf(incoming, context, { root, totals: before }));
  const onPayment = onPaymentOf(followUp, incoming, { root, totals, picture, isFromQueue });
  if (onPayment === null) return null;
  return { ...parties, scored: incoming.scored, acquirerId, feeContractId, onPayment };
}

function planWithoutRoot(incoming: Incoming, parties: Parties, context: FollowUpContext): FollowUpPlan {
  const { picture, nowMs } = context;
  const ending = (status: 'declined' | 'expired', code: string): FollowUpPlan => ({
    kind: 'claim',
    claim: { totals: null, outcome: withoutPayment(incoming, parties, status, code), reversal: null, attempt: null },
  });
  if (picture.isBehindItself) return { kind: 'early' };
  // One that waits here came in time; a copy of it that did not changes nothing.
  if (picture.giveUpAtMs === null && hasExpired(incoming, context)) return ending('expired', 'expired');
  const isGivenUp = picture.giveUpAtMs !== null && picture.giveUpAtMs <= nowMs;
  return isGivenUp ? ending('declined', 'payment_not_found') : { kind: 'early' };
}

/** The time it waits for its turn in the queue is not its requester's; what was too late before it came there stays so. */
const hasExpired = ({ scored }: Incoming, { isFromQueue, nowMs }: FollowUpContext): boolean =>
  (isFromQueue ? scored.scoredAtMs : nowMs) > effectiveExpiryMs(scored.operation);

interface Claiming extends Omit<FollowUpContext, 'parties'> {
  readonly incoming: Incoming;
  readonly parties: Parties;
  readonly root: StoredOutcome;
  readonly totals: PaymentTotals;
  readonly version: number;
  readonly isExpired: boolean;
}

function claimOn(claiming: Claiming): FollowUpClaim {
  const { incoming, parties, root, totals, picture, isExpired, isFromQueue, version } = claiming;
  const verdict = checkFollowUp(requestOf(incoming), factsOf(incoming, claiming, { root, totals }));
  const { followUp } = verdict;
  const ended = (decision: DecidedFollowUp, reversal: NewReversal | null): FollowUpClaim => ({
    totals: { version, after: decision.totals, undone: decision.undone },
    ...{ outcome: decision.outcome, reversal, attempt: null },
  });
  const subject = { followUp, totals, root };
  if (isExpired) return ended(declined(incoming, subject, 'expired', 'expired'), null);
  if (verdict.kind === 'declined') return ended(declined(incoming, subject, 'declined', verdict.responseCode), null);
  const held = reserve(totals, followUp);
  const onPayment = onPaymentOf(followUp, incoming, { root, totals: held, picture, isFromQueue });
  if (onPayment === null) {
    const original = originalOf(incoming, picture, root) ?? root;
    return ended(reversalApproved(incoming, subject), requestedReversal(incoming, parties, original));
  }
  const { acquirerId, feeContractId } = root;
  const attempt: Attempt = { ...parties, scored: incoming.scored, acquirerId, feeContractId, onPayment };
  return { totals: { version, after: held, undone: null }, outcome: null, reversal: null, attempt };
}

/** Null for a reversal: it asks nobody. */
function onPaymentOf(
  followUp: OnPayment['followUp'],
  incoming: Incoming,
  { root, totals, picture, isFromQueue }: Pick<Claiming, 'root' | 'totals' | 'picture' | 'isFromQueue'>,
): OnPayment | null {
  const original = followUp.kind === 'void' ? (originalOf(incoming, picture, root) ?? root) : root;
  const attemptKind = requestKindOf(followUp, original);
  return attemptKind === null ? null : { followUp, totals, root, original, attemptKind, mayPrecedeRoot: isFromQueue };
}

/** What a void or reversal undoes: the root, unless it names an operation; null where that is none of this payment. */
function originalOf(incoming: Incoming, { original }: PaymentPicture, root: StoredOutcome): StoredOutcome | null {
  if (incoming.scored.operation.originalOperationId === undefined) return root;
  return original !== null && original.rootId === root.operationId ? original : null;
}

const factsOf = (
  incoming: Incoming,
  { picture }: Pick<FollowUpContext, 'picture'>,
  { root, totals }: { readonly root: StoredOutcome; readonly totals: PaymentTotals },
): FollowUpFacts => ({ totals, original: originalOf(incoming, picture, root), today: picture.today });

const requestOf = ({
  scored: { operation },
}: Incoming): { operationId: string; kind: FollowUpKind; amountMinor: bigint } => {
  const { operationId, kind, amountMinor } = operation;
  if (!isFollowUpKind(kind)) throw new Error(`broken invariant: ${operationId} is no operation on a payment`);
  return { operationId, kind, amountMinor };
};

const totalsIn = ({ totals }: PaymentPicture, root: StoredOutcome): { totals: PaymentTotals; version: number } =>
  totals ?? {
    version: 0,
    totals: totalsOfRoot({ kind: root.kind as RootKind, status: root.status, amountMinor: root.amountMinor }),
  };
