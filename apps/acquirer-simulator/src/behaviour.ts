import { z } from 'zod';

const rate = z.number().min(0).max(1).default(0);
const responseCode = z.string().regex(/^[0-9A-Z]{2}$/);

/**
 * How the host behaves; `GET /behaviour` shows it, `POST /behaviour` changes the members it names, `POST
 * /behaviour/reset` restores the start's. A rate picks payments by a hash of RRN and seed, so the same payment is
 * picked again when it is sent again, and a run can be repeated. Rates are independent of each other.
 */
export const behaviourSchema = z.strictObject({
  seed: z.number().int().default(1),
  /** Milliseconds before each answer: fixed, or log-normal with this median and 99th percentile. */
  latencyMs: z
    .union([z.number().min(0), z.strictObject({ p50: z.number().positive(), p99: z.number().positive() })])
    .default(0),
  /** Share of sales declined with `declineCode`. */
  declineRate: rate,
  declineCode: responseCode.default('05'),
  /** Sales whose amount in minor units ends in these digits get this code; the first rule that fits holds, before any rate. */
  amountRules: z.array(z.strictObject({ endsWith: z.string().regex(/^\d{1,12}$/), responseCode })).default([]),
  /** Share of sales answered with a technical refusal. */
  technicalRate: rate,
  technicalCode: responseCode.default('91'),
  /** Share of sales not answered at all: `approved` are in the book, `never_seen` are not. */
  silentRate: rate,
  silentRecorded: z.enum(['approved', 'never_seen']).default('approved'),
  /** Share of sales answered `lateByMs` after they came. */
  lateRate: rate,
  lateByMs: z.number().min(0).default(6_000),
  /** Share of sales answered with an amount that is one minor unit too high; the book has the right one. */
  wrongAmountRate: rate,
  /** Share of sales answered twice. */
  duplicateRate: rate,
  /** Share of sales answered with bytes that are no message. */
  garbageRate: rate,
  /** So many reversals from now on are neither recorded nor answered. */
  ignoreReversals: z.number().int().min(0).default(0),
  ignoreEchoes: z.boolean().default(false),
  /** The connection that brings this many sales and reversals from now on is cut; what came is recorded, not answered. Once. */
  disconnectAfterMessages: z.number().int().positive().nullable().default(null),
  /** Stops listening; connections that exist stay (`POST /disconnect` cuts them). */
  refuseConnections: z.boolean().default(false),
});

export type Behaviour = z.infer<typeof behaviourSchema>;

/**
 * The behaviour with the given members replaced.
 * @throws ZodError for an unknown member or a value out of range; nothing is changed then
 */
export function changeBehaviour(current: Behaviour, change: unknown): Behaviour {
  return behaviourSchema.parse({ ...current, ...z.record(z.string(), z.unknown()).parse(change) });
}
