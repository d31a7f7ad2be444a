import { fingerprintOf, type OperationRequest, type PresentmentName } from '@fourway/contracts';
import type { FieldError } from '@fourway/kernel';
import { isRootKind } from '@fourway/payment';
import type { StoredOutcome } from '../decide-outcome/outcome-row.ts';
import type { PaymentPicture } from './payment-picture.repository.ts';

/** Operations on one payment at most; nobody refunds in so many parts. */
export const mostOperations = 1_000;

/** What the request says other than its payment; a refusal then, which changes nothing. Null where it fits. */
export function contradictionOf(
  request: OperationRequest,
  root: { readonly fingerprint: string | null; readonly outcome: StoredOutcome },
  totals: PaymentPicture['totals'],
): FieldError | null {
  const { outcome, fingerprint } = root;
  if (!isRootKind(outcome.kind)) return notAPayment;
  if (outcome.merchantId !== request.merchantId) return differs('merchant_id', 'merchant_differs', 'merchant');
  if (outcome.currency !== request.currency) return differs('currency', 'currency_differs', 'currency');
  if (fingerprint !== null && !isCardOf(outcome, fingerprint, request.cardToken))
    return differs('card_token', 'card_differs', 'card');
  return (totals?.totals.sequence ?? 0) >= mostOperations ? tooMany : null;
}

const presentments: readonly PresentmentName[] = ['merchant', 'consumer'];

/**
 * Whether the payment was made with this card. No book keeps card tokens, and none is needed: with the right one the root's fingerprint comes
 * out again, the other business fields being in its outcome.
 */
function isCardOf(root: StoredOutcome, fingerprint: string, cardToken: string): boolean {
  const request: OperationRequest = {
    ...{ eventId: '', operationId: root.operationId, rootId: root.rootId, kind: root.kind },
    ...{ merchantId: root.merchantId, terminalId: root.terminalId, merchantOrderNo: root.merchantOrderNo },
    ...{ amountMinor: root.amountMinor, currency: root.currency, cardToken, presentment: null },
    ...{ requestedAtMs: 0, expiresAtMs: 0, upstreamId: '' },
  };
  return presentments.some((presentment) => fingerprintOf({ ...request, presentment }) === fingerprint);
}

const differs = (field: string, code: string, what: string): FieldError => ({
  code,
  field,
  rule: `an operation on a payment names the ${what} of its root`,
  remedy: `send the ${what} as it was sent with the root, or correct root_id`,
});

const notAPayment: FieldError = {
  code: 'root_not_a_payment',
  field: 'root_id',
  rule: 'the id of a sale or an authorize',
  remedy: 'send the id of the root of the payment, and the operation to undo in original_operation_id',
};

const tooMany: FieldError = {
  code: 'too_many_operations',
  field: 'root_id',
  rule: `a payment has at most ${mostOperations} operations`,
  remedy: 'do what is left in fewer operations, or outside of the network',
};
