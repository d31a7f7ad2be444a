import { loadRefusals } from '@fourway/payment';
import { HttpProblem } from '@fourway/platform-http';

/** Whole seconds, as RFC 9110 (10.2.3) has it; never 0, which says: at once. */
const retryAfter = (ms: number): { readonly 'retry-after': string } => ({
  'retry-after': String(Math.max(1, Math.ceil(ms / 1_000))),
});

const again = 'Send the same request again, with the same Idempotency-Key, when Retry-After is over.';

export const quotaExceeded = (perSecond: number, retryAfterMs: number): HttpProblem =>
  new HttpProblem({
    status: 429,
    code: 'quota_exceeded',
    title: 'There are more requests than the quota of the principal',
    detail: `The quota is ${perSecond} new requests a second. Nothing was stored. ${again}`,
    headers: retryAfter(retryAfterMs),
  });

export const overloaded = (): HttpProblem =>
  new HttpProblem({
    status: 503,
    code: 'overloaded',
    title: 'The switch takes no new payments for a moment',
    detail: `Those before it are decided first. Nothing was stored, and nothing was charged. ${again}`,
    headers: retryAfter(loadRefusals.overloaded.retryAfterMs),
  });
