import { settle, type FollowUp, type OperationStatus, type PaymentTotals } from '@fourway/payment';
import { defined } from '@fourway/kernel';
import { reversalOfAttempt } from '../decide-outcome/outcome-of-attempt.ts';
import type { NewReversal } from '../decide-outcome/outcome.repository.ts';
import type { NewOutcome, StoredOutcome } from '../decide-outcome/outcome-row.ts';
import { firstAttemptNo, type Attempt, type Incoming, type Parties } from '../operation.ts';
import { attemptKindOf, type OnPayment } from './on-payment.ts';

type Ending = Pick<NewOutcome, 'status' | 'responseCode' | 'authCode'>;

/** An outcome of an operation on a payment, and the payment's totals after it. */
export interface DecidedFollowUp {
  readonly outcome: NewOutcome;
  readonly totals: PaymentTotals;
  /** What it newly undoes besides the root; null for most. */
  readonly undone: string | null;
}

const own = (status: OperationStatus, responseCode: string): Ending => ({ status, responseCode, authCode: '' });

/** The outcome of an operation that an acquirer was asked for. */
export const decided = (
  attempt: Attempt,
  onPayment: OnPayment,
  ending: Ending & Pick<NewOutcome, 'rrn'> & { readonly status: OperationStatus },
): DecidedFollowUp => {
  const { acquirerId, feeContractId } = attempt;
  return onTotals(attempt, onPayment, { ...ending, acquirerId, feeContractId });
};

type Subject = Pick<OnPayment, 'followUp' | 'totals' | 'root'>;

/** The outcome of an operation that the switch itself declines or lets expire. */
export const declined = (
  incoming: Pick<Incoming, 'scored'>,
  subject: Subject,
  status: OperationStatus,
  code: string,
): DecidedFollowUp => onTotals(incoming, subject, { ...own(status, code), acquirerId: '', feeContractId: 0, rrn: '' });

/** A reversal is approved when it is durable: the 0420 of what it undoes is stored with it, and goes out until it is acknowledged. */
export const reversalApproved = (incoming: Pick<Incoming, 'scored'>, subject: Subject): DecidedFollowUp => {
  const { acquirerId, feeContractId } = subject.root;
  return onTotals(incoming, subject, { ...own('approved', '00'), acquirerId, feeContractId, rrn: '' });
};

type Filled = Ending & Pick<NewOutcome, 'acquirerId' | 'feeContractId' | 'rrn'> & { readonly status: OperationStatus };

function onTotals(
  { scored }: Pick<Incoming, 'scored'>,
  { followUp, totals, root }: Subject,
  filled: Filled,
): DecidedFollowUp {
  const after = settle(totals, followUp, filled.status);
  const { issuerId, cardType, scenario } = root;
  const original = originalOf(followUp, root);
  return {
    outcome: { ...fieldsOf(scored), issuerId, cardType, scenario, ...filled, ...original, sequence: after.sequence },
    totals: after,
    undone: filled.status === 'approved' ? (original.originalOperationId ?? null) : null,
  };
}

function originalOf(
  { undoes }: FollowUp,
  root: StoredOutcome,
): Pick<NewOutcome, 'originalKind' | 'originalOperationId'> {
  if (undoes === null) return {};
  const { operationId, kind: originalKind } = undoes;
  return operationId === root.operationId ? { originalKind } : { originalKind, originalOperationId: operationId };
}

/** The outcome of an operation whose payment is not there: it belongs to none, so it has no place in a payment's sequence. */
export function withoutPayment(
  { scored }: Incoming,
  { issuer, merchant }: Parties,
  status: OperationStatus,
  code: string,
): NewOutcome {
  return {
    ...fieldsOf(scored),
    ...{ issuerId: issuer.issuerId, cardType: issuer.cardType, scenario: merchant.scenario },
    ...{ acquirerId: '', feeContractId: 0, rrn: '', sequence: 0 },
    ...own(status, code),
  };
}

const fieldsOf = ({ operation }: Incoming['scored']) => ({
  operationId: operation.operationId,
  rootId: operation.rootId,
  kind: defined(operation.kind, 'operation kind'),
  merchantId: operation.merchantId,
  terminalId: operation.terminalId,
  merchantOrderNo: operation.merchantOrderNo,
  amountMinor: operation.amountMinor,
  currency: operation.currency,
  requestedAtMs: operation.requestedAtMs,
});

/** The reversal of the operation's own attempt. */
export const reversalOfFollowUp = (attempt: Attempt, onPayment: OnPayment, reason: string): NewReversal => ({
  ...reversalOfAttempt(attempt, reason),
  kind: onPayment.attemptKind,
});

/** Why a reversal is sent that an upstream asked for; the comparison of the books knows it by this. */
export const requestedReason = 'requested';

/** The reversal of what an upstream wants undone, in the words of its own attempt. */
export const requestedReversal = (
  { scored: { operation } }: Incoming,
  { merchant }: Parties,
  original: StoredOutcome,
): NewReversal => ({
  operationId: original.operationId,
  attemptNo: firstAttemptNo,
  acquirerId: original.acquirerId,
  rrn: original.rrn,
  amountMinor: original.amountMinor,
  currency: original.currency,
  cardToken: operation.cardToken,
  merchantId: original.merchantId,
  terminalId: original.terminalId,
  mcc: merchant.mcc,
  reason: requestedReason,
  kind: attemptKindOf(original),
});
