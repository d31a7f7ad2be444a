import { decodeOutcome, decodeRefusal, operationIdOfOutcome, topics } from '@fourway/contracts';
import { isLoadRefusal } from '@fourway/payment';
import type { StreamRecord } from '@fourway/platform-stream';
import { mayBeOurs } from '../order/operation-id.ts';
import type { PaymentState } from '../order/order-status.ts';
import { upstreamId } from '../pay-order/new-payment.ts';

/** How a payment ended, from a record of payments.outcomes.v1 or payments.refused.v1. */
export interface PaymentEnd {
  readonly operationId: string;
  readonly status: Exclude<PaymentState, 'pending'>;
  readonly responseCode: string;
  readonly rrn: string;
  readonly authCode: string;
  readonly acquirerId: string;
  /** Milliseconds since the Unix epoch. */
  readonly decidedAtMs: number;
  /** `orderKey`; null where the record names no order. */
  readonly orderKey: string | null;
}

/**
 * What a record says of a payment of ours; null for everybody else's, and for what is no outcome.
 * @throws SwitchError `undecodable`, `unknown_version`
 */
export function paymentEndOf({ topic, value }: Pick<StreamRecord, 'topic' | 'value'>): PaymentEnd | null {
  if (value === null) return null;
  return topic === topics.refused.name ? endOfRefusal(value) : endOfOutcome(value);
}

function endOfOutcome(value: Buffer): PaymentEnd | null {
  // Most outcomes are of payments that upstream services asked for.
  const named = operationIdOfOutcome(value);
  if (named !== null && !mayBeOurs(named)) return null;
  const outcome = decodeOutcome(value);
  if (outcome === null || !mayBeOurs(outcome.operationId)) return null;
  const { operationId, status, responseCode, rrn, authCode, acquirerId, decidedAtMs } = outcome;
  return {
    ...{ operationId, status, responseCode, rrn, authCode, acquirerId, decidedAtMs },
    orderKey: `${outcome.merchantId}/${outcome.merchantOrderNo}`,
  };
}

function endOfRefusal(value: Buffer): PaymentEnd | null {
  const { operationId, eventId, upstreamId: producer, code, refusedAtMs } = decodeRefusal(value);
  // Somebody may have sent another request under our id: that one was refused, not ours.
  if (producer !== upstreamId || eventId !== operationId || !mayBeOurs(operationId)) return null;
  // For load: an earlier copy may be claimed, and a later one is decided. The outbox sends it again.
  if (isLoadRefusal(code)) return null;
  return {
    ...{ operationId, status: 'refused', responseCode: code, rrn: '', authCode: '', acquirerId: '' },
    ...{ decidedAtMs: refusedAtMs, orderKey: null },
  };
}
