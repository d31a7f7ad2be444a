import type { OrderStatus, PaymentState } from './order-status.ts';

/** One payment made for an order. */
export interface Payment {
  readonly operationId: string;
  readonly orderId: string;
  readonly merchantId: string;
  /** Name of the payer's app that made it. */
  readonly wallet: string;
  readonly status: PaymentState;
  /** DE39, or a code of ours; empty while pending. */
  readonly responseCode: string;
  readonly rrn: string;
  readonly authCode: string;
  readonly acquirerId: string;
  /** Milliseconds since the Unix epoch. */
  readonly requestedAtMs: number;
  /** Milliseconds since the Unix epoch; null while pending. */
  readonly decidedAtMs: number | null;
  readonly amountMinor: bigint;
  readonly currency: string;
  readonly merchantOrderNo: string;
}

/** A merchant's order. */
export interface Order {
  readonly orderId: string;
  readonly merchantId: string;
  readonly merchantOrderNo: string;
  readonly amountMinor: bigint;
  readonly currency: string;
  readonly terminalId: string;
  readonly status: OrderStatus;
  readonly qrPayload: string;
  /** Milliseconds since the Unix epoch. */
  readonly createdAtMs: number;
  readonly expiresAtMs: number;
  /** The newest one. */
  readonly payment: Payment | null;
}
