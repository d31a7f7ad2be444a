import { acquirerReference } from '@fourway/routing';
import { defined } from '@fourway/kernel';
import { firstAttemptNo, type Attempt } from '../operation.ts';
import type { NewReversal } from './outcome.repository.ts';
import type { NewOutcome } from './outcome-row.ts';

/** The outcome of a root operation, ready to be stored. */
export function outcomeOfAttempt(
  { scored, merchant, issuer, acquirerId, feeContractId }: Attempt,
  ending: Pick<NewOutcome, 'status' | 'responseCode' | 'authCode' | 'rrn'>,
): NewOutcome {
  const { operation } = scored;
  return {
    operationId: operation.operationId,
    rootId: operation.rootId,
    sequence: 1,
    kind: defined(operation.kind, 'operation kind'),
    merchantId: operation.merchantId,
    terminalId: operation.terminalId,
    merchantOrderNo: operation.merchantOrderNo,
    ...ending,
    amountMinor: operation.amountMinor,
    currency: operation.currency,
    acquirerId,
    issuerId: issuer.issuerId,
    cardType: issuer.cardType,
    feeContractId,
    scenario: merchant.scenario,
    requestedAtMs: operation.requestedAtMs,
  };
}

/** The reversal of the attempt: everything a 0420 carries, so that any process can send it at any time. */
export function reversalOfAttempt(
  { scored: { operation }, merchant, acquirerId }: Attempt,
  reason: string,
): NewReversal {
  return {
    operationId: operation.operationId,
    attemptNo: firstAttemptNo,
    acquirerId,
    rrn: acquirerReference(operation.operationId, firstAttemptNo).rrn,
    amountMinor: operation.amountMinor,
    currency: operation.currency,
    cardToken: operation.cardToken,
    merchantId: operation.merchantId,
    terminalId: operation.terminalId,
    mcc: merchant.mcc,
    reason,
    kind: operation.kind === 'authorize' ? 'authorize' : 'sale',
  };
}
