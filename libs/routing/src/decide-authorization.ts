import { chooseAcquirer, type AcquirerSnapshot } from './choose-acquirer.ts';
import type { AcquirerChoice, MerchantProfile } from './merchant-profile.ts';

/** Codes of outcomes that no acquirer gave. */
export type OwnResponseCode =
  | 'risk_declined'
  | 'limit_unavailable'
  | 'expired'
  | 'merchant_suspended'
  | 'no_route'
  | 'not_sent'
  | 'no_answer'
  | 'amount_mismatch'
  | 'late_answer';

export type AuthorizationDecision =
  | { readonly kind: 'call'; readonly choice: AcquirerChoice }
  | { readonly kind: 'decline'; readonly responseCode: OwnResponseCode }
  | { readonly kind: 'expire' };

export interface AuthorizationFacts {
  readonly operationId: string;
  readonly merchant: MerchantProfile;
  readonly risk: { readonly verdict: 'accept' | 'decline'; readonly reasons: readonly string[] };
  /** Milliseconds since the Unix epoch. */
  readonly expiresAtMs: number;
  /** Milliseconds since the Unix epoch. */
  readonly nowMs: number;
  readonly acquirers: AcquirerSnapshot;
}

/** What to do with a valid operation that nobody has decided yet: call an acquirer, decline it, or let it expire. */
export function decideAuthorization({
  operationId,
  merchant,
  risk,
  expiresAtMs,
  nowMs,
  acquirers,
}: AuthorizationFacts): AuthorizationDecision {
  if (nowMs > expiresAtMs) return { kind: 'expire' };
  if (risk.verdict === 'decline')
    return decline(risk.reasons.includes('limit_unavailable') ? 'limit_unavailable' : 'risk_declined');
  if (!merchant.isActive) return decline('merchant_suspended');
  const route = chooseAcquirer(operationId, merchant, acquirers);
  return route.kind === 'route' ? { kind: 'call', choice: route.choice } : decline('no_route');
}

const decline = (responseCode: OwnResponseCode): AuthorizationDecision => ({ kind: 'decline', responseCode });
