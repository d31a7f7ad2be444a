import { hash } from 'node:crypto';
import type { Currency } from '@fourway/kernel';

/** An order as a merchant asks for it; every field has been checked. */
export interface NewOrder {
  /** UUIDv7; given by us, and kept only if the order is new. */
  readonly orderId: string;
  readonly merchantId: string;
  readonly idempotencyKey: string;
  readonly merchantOrderNo: string;
  readonly amountMinor: bigint;
  readonly currency: Currency;
  readonly terminalId: string;
  readonly expiresInSeconds: number;
  readonly description: string | null;
  readonly qrPayload: string;
  /** `hashOfOrder`. */
  readonly bodyHash: string;
}

type Business = Pick<
  NewOrder,
  'merchantOrderNo' | 'amountMinor' | 'currency' | 'terminalId' | 'expiresInSeconds' | 'description'
>;

/**
 * SHA-256 of the business fields in one spelling, 64 hex digits: the same order however its JSON was written, and another one if any
 * field differs.
 */
export const hashOfOrder = (order: Business): string =>
  hash(
    'sha256',
    JSON.stringify([
      ...['order.v1', order.merchantOrderNo, order.amountMinor.toString(), order.currency, order.terminalId],
      ...[order.expiresInSeconds, order.description],
    ]),
  );
