import { z } from 'zod';

/** What the paced player is told, as its only argument. */
export const pacedRequestSchema = z.object({
  brokers: z.array(z.string()),
  /** Payments per second. */
  rate: z.number().positive(),
  /** The first half is warm-up. */
  seconds: z.number().positive(),
  seed: z.number().int(),
  merchants: z.number().int().positive(),
  /** The end of each outcomes partition, while all is at rest. */
  outcomesFrom: z.array(z.object({ partition: z.number().int(), offset: z.string() })),
});
export type PacedRequest = z.infer<typeof pacedRequestSchema>;

const percentiles = z.object({ p50: z.number(), p90: z.number(), p99: z.number(), p999: z.number() });

/** What it answers with. */
export const pacedFiguresSchema = z.object({
  sent: z.number(),
  seen: z.number(),
  /** Payments of the second half, which the latencies are of. */
  measured: z.number(),
  /** When the first of them was due, milliseconds since the Unix epoch. */
  measuredFromMs: z.number(),
  latencyMs: percentiles,
});
export type PacedFigures = z.infer<typeof pacedFiguresSchema>;
