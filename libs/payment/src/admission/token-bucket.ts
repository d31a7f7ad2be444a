/** What is left of a quota at a time. */
export interface TokenBucket {
  /** 0 to a second's worth. */
  readonly tokens: number;
  /** Milliseconds since the Unix epoch. */
  readonly atMs: number;
}

export type TokenTaken =
  | { readonly isTaken: true; readonly bucket: TokenBucket }
  /** `retryAfterMs`: until there is a token again, at least 1. */
  | { readonly isTaken: false; readonly bucket: TokenBucket; readonly retryAfterMs: number };

/**
 * Takes one token out of a bucket that holds a second's worth and fills at the quota's rate. Time that goes back fills nothing.
 * @param bucket null: full
 * @param perSecond at least 1
 */
export function takeToken(bucket: TokenBucket | null, perSecond: number, nowMs: number): TokenTaken {
  const before = bucket ?? { tokens: perSecond, atMs: nowMs };
  const atMs = Math.max(before.atMs, nowMs);
  const tokens = Math.min(perSecond, before.tokens + ((atMs - before.atMs) * perSecond) / 1_000);
  if (tokens >= 1) return { isTaken: true, bucket: { tokens: tokens - 1, atMs } };
  const retryAfterMs = Math.max(1, Math.ceil(((1 - tokens) * 1_000) / perSecond));
  return { isTaken: false, bucket: { tokens, atMs }, retryAfterMs };
}
