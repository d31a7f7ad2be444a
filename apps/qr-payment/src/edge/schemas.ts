import { z } from 'zod';
import { orderStatuses, paymentStates } from '../order/order-status.ts';

/** The payment rulebook holds for these; their patterns here only tell readers of the OpenAPI document. */
const merchantOrderNo = z.string().meta({ pattern: '^[0-9A-Za-z_-]{1,32}$', description: "The merchant's own number" });
const amountMinor = z.int().meta({ minimum: 1, maximum: 5_000_000_000, description: 'Minor units (fen)' });
const currency = z.string().meta({ enum: ['CNY'], description: 'ISO 4217 alphabetic code' });
const terminalId = z.string().meta({ pattern: '^[0-9A-Z]{8}$' });
const cardToken = z.string().meta({ pattern: '^\\d{16,19}$', description: 'Stands for a card; never a card number' });

const minExpirySeconds = 10;
const maxExpirySeconds = 7_200;
const text = (most: number): z.ZodString =>
  z
    .string()
    .regex(
      new RegExp(`^[^\\p{Cc}\\p{Cs}]{1,${most}}$`, 'u'),
      `must be 1 to ${most} characters without control characters`,
    );

export const createOrderBody = z.strictObject({
  merchantOrderNo,
  amountMinor,
  currency,
  terminalId,
  expiresInSeconds: z.int().min(minExpirySeconds).max(maxExpirySeconds).default(900),
  description: text(128).optional(),
});
export type CreateOrderBody = z.output<typeof createOrderBody>;

export const payOrderBody = z.strictObject({
  qrPayload: z.string().min(1).max(512).meta({ description: 'The text of the scanned code, unchanged' }),
  cardToken,
  requestedAt: z.iso
    .datetime({ offset: true })
    .optional()
    .meta({ description: 'When the payer confirmed; now by default' }),
});
export type PayOrderBody = z.output<typeof payOrderBody>;

const waitSeconds = z.coerce.number().int().min(0).max(10).default(0);
export const orderQuery = z.strictObject({ waitSeconds });
export const orderByNumberQuery = z.strictObject({
  merchantOrderNo: z.string().regex(/^[0-9A-Za-z_-]{1,32}$/, '1 to 32 characters out of 0-9, A-Z, a-z, _ and -'),
  waitSeconds,
});

const time = z.iso.datetime();
const decision = {
  responseCode: z.string().meta({ description: 'ISO 8583 DE39, or a code of the switch; empty while pending' }),
  rrn: z.string(),
  authCode: z.string(),
  acquirerId: z.string(),
  decidedAt: time.nullable(),
};

export const orderAnswer = z.strictObject({
  ...{ orderId: z.uuid(), merchantOrderNo, amountMinor, currency },
  status: z.enum(orderStatuses),
  ...{ qrPayload: z.string(), createdAt: time, expiresAt: time },
  payment: z.strictObject({ operationId: z.uuid(), status: z.enum(paymentStates), ...decision }).nullable(),
});
export type OrderAnswer = z.output<typeof orderAnswer>;

export const paymentAnswer = z.strictObject({
  ...{ operationId: z.uuid(), orderId: z.uuid(), merchantOrderNo, amountMinor, currency },
  status: z.enum(paymentStates),
  ...decision,
  requestedAt: time,
});
export type PaymentAnswer = z.output<typeof paymentAnswer>;
