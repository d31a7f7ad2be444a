import type { CardLimits, CardUse } from './card-limits.ts';

/** Codes of the rules, most severe first; a decision lists those that spoke in this order. */
export const riskReasons = [
  'card_denied',
  'deny_list_unavailable',
  'limit_unavailable',
  'card_count_exceeded',
  'card_sum_exceeded',
  'deny_list_stale',
] as const;
export type RiskReason = (typeof riskReasons)[number];

/** What is known of the card when a payment is decided. */
export interface RiskFacts {
  /** `unavailable`: no list was ever read. */
  readonly denyList: 'clear' | 'listed' | 'unavailable';
  /** True where the list in use is older than it should be. */
  readonly denyListStale: boolean;
  /** Null where the counters are missing. */
  readonly use: CardUse | null;
}

export interface RiskDecision {
  readonly verdict: 'accept' | 'decline';
  /** 0 (no risk seen) to 100; a decline is at least 80, an acceptance at most 79. */
  readonly score: number;
  readonly reasons: readonly RiskReason[];
  /** True where the decision rests on less than it should. */
  readonly degraded: boolean;
}

const declinesWith: Readonly<Record<RiskReason, number | null>> = {
  card_denied: 100,
  deny_list_unavailable: 80,
  limit_unavailable: 80,
  card_count_exceeded: 90,
  card_sum_exceeded: 90,
  // The last list read goes on working: a card on it stays denied, and only cards listed since then could pass.
  deny_list_stale: null,
};
const highestAccepted = 79;

/** Decides on one payment. What hard limits need and is missing declines: nothing is let through because a store was away (G6). */
export function decideRisk(facts: RiskFacts, limits: CardLimits): RiskDecision {
  const reasons = riskReasons.filter((reason) => speaks[reason](facts, limits));
  if (reasons.length === 0)
    return { verdict: 'accept', score: scoreOf(facts.use, limits), reasons: noReasons, degraded: false };
  const weights = reasons.flatMap((reason) => declinesWith[reason] ?? []);
  const degraded = facts.denyListStale || facts.denyList === 'unavailable' || facts.use === null;
  if (weights.length === 0) return { verdict: 'accept', score: scoreOf(facts.use, limits), reasons, degraded };
  return { verdict: 'decline', score: Math.max(...weights), reasons, degraded };
}

const noReasons: readonly RiskReason[] = [];

const speaks: Readonly<Record<RiskReason, (facts: RiskFacts, limits: CardLimits) => boolean>> = {
  card_denied: ({ denyList }) => denyList === 'listed',
  deny_list_unavailable: ({ denyList }) => denyList === 'unavailable',
  limit_unavailable: ({ use }) => use === null,
  card_count_exceeded: ({ use }, { hourlyCount }) => use !== null && use.count > hourlyCount,
  card_sum_exceeded: ({ use }, { hourlySumMinor }) => use !== null && use.sumMinor > hourlySumMinor,
  deny_list_stale: ({ denyListStale }) => denyListStale,
};

/** How much of its limits the card has used, as 0 to 79. */
function scoreOf(use: CardUse | null, { hourlyCount, hourlySumMinor }: CardLimits): number {
  if (use === null) return highestAccepted;
  const ofCount = Math.floor((use.count * highestAccepted) / hourlyCount);
  const ofSum = Number((use.sumMinor * BigInt(highestAccepted)) / hourlySumMinor);
  return Math.max(ofCount, ofSum);
}
