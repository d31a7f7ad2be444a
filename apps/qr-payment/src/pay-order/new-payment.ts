import { createHmac } from 'node:crypto';
import { encodeOperationRequested } from '@fourway/contracts';
import type { Order } from '../order/order.ts';

/** How long a payment may stay undecided after the payer confirmed it, milliseconds; the network's own default. */
export const paymentExpiryMs = 60_000;

/** A payment as a payer's app asks for it; every field has been checked. */
export interface NewPayment {
  /** `newOperationId`; given by us, and kept only if the payment is made. */
  readonly operationId: string;
  readonly orderId: string;
  readonly wallet: string;
  readonly idempotencyKey: string;
  /** Milliseconds since the Unix epoch. */
  readonly requestedAtMs: number;
  /** `hashOfPayment`. */
  readonly bodyHash: string;
  /** The record of payments.requested.v1. */
  readonly record: Buffer;
}

/** The sale of an order as a record of payments.requested.v1; sent again, it is the same bytes. */
export const requestOf = (
  order: Order,
  payment: { readonly operationId: string; readonly cardToken: string; readonly requestedAtMs: number },
): Buffer =>
  encodeOperationRequested({
    // One record an operation, so its id names both, and a refusal of ours is told from a refusal of somebody's who uses our id.
    eventId: payment.operationId,
    operationId: payment.operationId,
    rootId: payment.operationId,
    kind: 'sale',
    merchantId: order.merchantId,
    terminalId: order.terminalId,
    merchantOrderNo: order.merchantOrderNo,
    amountMinor: order.amountMinor,
    currency: order.currency,
    cardToken: payment.cardToken,
    presentment: 'merchant',
    requestedAtMs: payment.requestedAtMs,
    expiresAtMs: payment.requestedAtMs + paymentExpiryMs,
    upstreamId,
  });

/** Our name as a producer of payments.requested.v1. */
export const upstreamId = 'qr-payment';

/**
 * HMAC-SHA256 of the business fields in one spelling, 64 hex digits. Keyed, because a plain hash of a card token is the token to
 * whoever tries them all.
 */
export const hashOfPayment = (
  key: Buffer,
  { qrPayload, cardToken, requestedAtMs }: { qrPayload: string; cardToken: string; requestedAtMs: number | null },
): string =>
  createHmac('sha256', key)
    .update(JSON.stringify(['payment.v1', qrPayload, cardToken, requestedAtMs]))
    .digest('hex');
