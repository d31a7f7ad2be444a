import type { OperationRequest } from '@fourway/contracts';
import type { MerchantProfile } from '@fourway/routing';
import type { Call } from './acquirer-links.ts';

const terminalId = 'T0000001';
const cardToken = '6299000100000012';

/** A sale whose claim is durable, to be sent to this acquirer. */
export function callOf(operationId: string, acquirerId: string, merchant: MerchantProfile): Call {
  const nowMs = Date.now();
  const operation: OperationRequest = {
    ...{ eventId: operationId, operationId, rootId: operationId, kind: 'sale', merchantId: merchant.merchantId },
    ...{ terminalId, merchantOrderNo: operationId, amountMinor: 2_372n, currency: 'CNY', cardToken },
    ...{ presentment: 'merchant', requestedAtMs: nowMs, expiresAtMs: 0, upstreamId: 'test' },
  };
  const scored = {
    ...{ operation, verdict: 'accept' as const, score: 0, reasons: [], degraded: false },
    ...{ sourcePartition: 0, sourceOffset: 0n, scoredAtMs: nowMs },
  };
  const issuer = { first: cardToken, last: cardToken, issuerId: '61000000', cardType: 'debit' as const };
  const attempt = { scored, acquirerId, feeContractId: 12, merchant, issuer };
  return {
    attempt,
    operation: {
      ...{ operationId, sources: [], openedAtMs: nowMs, fingerprint: null, attempt, claimedAtMs: nowMs },
      ...{ answerDueMs: 0, parkedAtMs: null, isAnswering: false },
    },
  };
}
