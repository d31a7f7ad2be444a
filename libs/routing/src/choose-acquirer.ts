import type { AcquirerChoice, MerchantProfile } from './merchant-profile.ts';

/** Why an acquirer of the merchant was not taken. */
export type IneligibilityReason = 'unknown_acquirer' | 'not_signed_on' | 'breaker_open' | 'no_room';

/** One acquirer's state at one instant; swapped as a whole, so a decision sees one consistent picture. */
export interface AcquirerState {
  readonly acquirerId: string;
  /** Null where it takes payments. */
  readonly ineligible: IneligibilityReason | null;
}

export type AcquirerSnapshot = ReadonlyMap<string, AcquirerState>;

export type RouteDecision =
  | { readonly kind: 'route'; readonly choice: AcquirerChoice; readonly passedOver: readonly string[] }
  | { readonly kind: 'no_route'; readonly passedOver: readonly string[] };

/**
 * Chooses among the merchant's eligible acquirers by weight. A pure function of (operation id, merchant, snapshot), so that a redelivered
 * operation is decided as before; the shares come from the id's random part, not from a random number.
 * `passedOver` lists `<acquirer>:<reason>` of those that were not eligible.
 */
export function chooseAcquirer(
  operationId: string,
  merchant: MerchantProfile,
  snapshot: AcquirerSnapshot,
): RouteDecision {
  const eligible: AcquirerChoice[] = [];
  const passedOver: string[] = [];
  let weights = 0;
  for (const choice of merchant.acquirers) {
    const state = snapshot.get(choice.acquirerId);
    const reason = state === undefined ? 'unknown_acquirer' : state.ineligible;
    if (reason !== null) passedOver.push(`${choice.acquirerId}:${reason}`);
    else {
      eligible.push(choice);
      weights += choice.weight;
    }
  }
  let ticket = weights === 0 ? 0 : shareTicket(operationId) % weights;
  for (const choice of eligible) {
    if (ticket < choice.weight) return { kind: 'route', choice, passedOver };
    ticket -= choice.weight;
  }
  return { kind: 'no_route', passedOver };
}

/** FNV-1a over the id's random tail: even over weights, the same for the same id. */
function shareTicket(operationId: string): number {
  let hash = 0x811c9dc5;
  for (let i = 19; i < operationId.length; i++) hash = Math.imul(hash ^ operationId.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}
