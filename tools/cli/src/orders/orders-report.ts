import type { Refusal } from '@fourway/contracts';
import type { HttpOrder } from '@fourway/world';
import type { OrderSurprise, OrderTally, PaymentEnd } from './order-tally.ts';

export interface OrdersReport {
  readonly orders: number;
  /** Operations asked for, through both doors, by how they ended. */
  readonly payments: Readonly<Record<PaymentEnd, number>>;
  readonly unpaid: number;
  readonly replaysAnswered: number;
  readonly conflictsRefused: number;
  /** Because no service answered. */
  readonly requestsRepeated: number;
  /** Paid orders that came through the Kafka door too: how many were sent, and how many were refused, as all must be. */
  readonly bothDoors: { readonly sent: number; readonly refused: number };
  readonly latencyMs: Readonly<Record<'create' | 'pay' | 'merchantLearns', { p50: number; p99: number }>>;
  readonly ordersPerSecond: number;
  readonly byAcquirer: Readonly<Record<string, object>>;
  readonly byScenario: Readonly<Record<string, object>>;
  readonly byStimulus: Readonly<Record<string, object>>;
  readonly surprises: { readonly count: number; readonly first: readonly OrderSurprise[] };
}

interface Ended {
  readonly seconds: number;
  readonly repeats: number;
  readonly otherDoor: { readonly sent: number; readonly refused: ReadonlyMap<HttpOrder, Refusal> };
}

export function ordersReportOf(tally: OrderTally, { seconds, repeats, otherDoor }: Ended): OrdersReport {
  for (const [order, { code }] of otherDoor.refused)
    if (code !== 'merchant_order_taken') tally.surprise(order, 'merchant_order_taken', code);
  tally.surpriseCount += otherDoor.sent - otherDoor.refused.size;
  return {
    orders: tally.orders,
    payments: { ...tally.ends },
    unpaid: tally.unpaid,
    replaysAnswered: tally.replays,
    conflictsRefused: tally.conflicts,
    requestsRepeated: repeats,
    bothDoors: { sent: otherDoor.sent, refused: otherDoor.refused.size },
    latencyMs: {
      create: quantilesOf(tally.created),
      pay: quantilesOf(tally.paid),
      merchantLearns: quantilesOf(tally.learnt),
    },
    ordersPerSecond: Math.round(tally.orders / Math.max(0.001, seconds)),
    byAcquirer: Object.fromEntries(tally.byAcquirer),
    byScenario: Object.fromEntries(tally.byScenario),
    byStimulus: Object.fromEntries(tally.byStimulus),
    surprises: { count: tally.surpriseCount, first: tally.surprises },
  };
}

const quantilesOf = (histogram: { quantile(fraction: number): number }): { p50: number; p99: number } => ({
  p50: histogram.quantile(0.5),
  p99: histogram.quantile(0.99),
});
