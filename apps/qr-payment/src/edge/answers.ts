import type { Order, Payment } from '../order/order.ts';
import type { OrderAnswer, PaymentAnswer } from './schemas.ts';

const iso = (ms: number): string => new Date(ms).toISOString();

/** An order as the API shows it. */
export const answerOf = (order: Order): OrderAnswer => ({
  orderId: order.orderId,
  merchantOrderNo: order.merchantOrderNo,
  amountMinor: Number(order.amountMinor),
  currency: order.currency,
  status: order.status,
  qrPayload: order.qrPayload,
  createdAt: iso(order.createdAtMs),
  expiresAt: iso(order.expiresAtMs),
  payment:
    order.payment === null
      ? null
      : { operationId: order.payment.operationId, status: order.payment.status, ...decisionOf(order.payment) },
});

/** A payment as the API shows it. */
export const paymentAnswerOf = (payment: Payment): PaymentAnswer => ({
  operationId: payment.operationId,
  orderId: payment.orderId,
  merchantOrderNo: payment.merchantOrderNo,
  amountMinor: Number(payment.amountMinor),
  currency: payment.currency,
  status: payment.status,
  ...decisionOf(payment),
  requestedAt: iso(payment.requestedAtMs),
});

const decisionOf = ({ responseCode, rrn, authCode, acquirerId, decidedAtMs }: Payment) => ({
  ...{ responseCode, rrn, authCode, acquirerId },
  decidedAt: decidedAtMs === null ? null : iso(decidedAtMs),
});
