import { defined } from '@fourway/kernel';
import type { Row } from '@fourway/platform-postgres';
import type { Order, Payment } from './order.ts';
import { orderStatuses, paymentStates } from './order-status.ts';

const ms = (column: string): string => `(extract(epoch from ${column}) * 1000)::bigint`;

/** Of `payment p` and its `merchant_order o`. */
export const paymentColumns = [
  ...[
    'p.operation_id',
    'p.order_id',
    'p.merchant_id',
    'p.wallet',
    'p.status',
    'p.response_code',
    'p.rrn',
    'p.auth_code',
  ],
  ...['p.acquirer_id', ms('p.requested_at'), ms('p.decided_at'), 'o.amount_minor', 'o.currency', 'o.merchant_order_no'],
].join(', ');

/** Of `merchant_order o`, and of `payment p`, which may be missing. */
export const orderColumns = [
  ...['o.order_id', 'o.merchant_id', 'o.merchant_order_no', 'o.amount_minor', 'o.currency', 'o.terminal_id'],
  `case when o.status = 'created' and o.expires_at <= now() then 'expired' else o.status end`,
  ...['o.qr_payload', ms('o.created_at'), ms('o.expires_at'), paymentColumns],
].join(', ');

const orderColumnCount = 10;

/** Reads `paymentColumns`. */
export function parsePayment(row: Row): Payment {
  const [operationId, orderId, merchantId, wallet, status, responseCode, rrn, authCode, ...rest] = row;
  const [acquirerId, requestedAtMs, decidedAtMs, amountMinor, currency, merchantOrderNo] = rest;
  const text = (value: string | null | undefined, column: string): string => defined(value, column);
  return {
    operationId: text(operationId, 'operation_id'),
    orderId: text(orderId, 'order_id'),
    merchantId: text(merchantId, 'merchant_id'),
    wallet: text(wallet, 'wallet'),
    status: oneOf(paymentStates, status),
    responseCode: text(responseCode, 'response_code'),
    rrn: text(rrn, 'rrn'),
    authCode: text(authCode, 'auth_code'),
    acquirerId: text(acquirerId, 'acquirer_id'),
    requestedAtMs: Number(requestedAtMs),
    decidedAtMs: decidedAtMs === null || decidedAtMs === undefined ? null : Number(decidedAtMs),
    amountMinor: BigInt(text(amountMinor, 'amount_minor')),
    currency: text(currency, 'currency'),
    merchantOrderNo: text(merchantOrderNo, 'merchant_order_no'),
  };
}

/** Reads `orderColumns`. */
export function parseOrder(row: Row): Order {
  const [orderId, merchantId, merchantOrderNo, amountMinor, currency, terminalId, status, qrPayload] = row;
  const [createdAtMs, expiresAtMs] = row.slice(8, orderColumnCount);
  const payment = row.slice(orderColumnCount);
  return {
    orderId: defined(orderId, 'order_id'),
    merchantId: defined(merchantId, 'merchant_id'),
    merchantOrderNo: defined(merchantOrderNo, 'merchant_order_no'),
    amountMinor: BigInt(defined(amountMinor, 'amount_minor')),
    currency: defined(currency, 'currency'),
    terminalId: defined(terminalId, 'terminal_id'),
    status: oneOf(orderStatuses, status),
    qrPayload: defined(qrPayload, 'qr_payload'),
    createdAtMs: Number(createdAtMs),
    expiresAtMs: Number(expiresAtMs),
    payment: payment[0] === null ? null : parsePayment(payment),
  };
}

const oneOf = <T extends string>(names: readonly T[], value: string | null | undefined): T =>
  defined(
    names.find((name) => name === value),
    `the status ${value ?? ''}`,
  );
