import type { HttpOrder, HttpStimulus } from '@fourway/world';
import { LatencyHistogram } from '../events/latency-histogram.ts';

/** How a payment at the HTTP door ended. */
export type PaymentEnd = 'approved' | 'declined' | 'reversed' | 'expired' | 'refused' | 'pending';

/** An answer that is not what the order was made to get. */
export interface OrderSurprise {
  readonly merchantOrderNo: string;
  readonly stimulus: HttpStimulus;
  readonly expected: string;
  readonly got: string;
}

type Group = Record<PaymentEnd, number>;

const shownSurprises = 100;
const emptyGroup = (): Group => ({ approved: 0, declined: 0, reversed: 0, expired: 0, refused: 0, pending: 0 });

/** What came back from the HTTP door; the figures of a run. */
export class OrderTally {
  /** From the payment's request to its answer, and to the answer the merchant was waiting for. */
  readonly paid = new LatencyHistogram();
  readonly learnt = new LatencyHistogram();
  readonly created = new LatencyHistogram();
  readonly byAcquirer = new Map<string, Group>();
  readonly byScenario = new Map<string, Group>();
  readonly byStimulus = new Map<HttpStimulus, Group>();
  readonly ends = emptyGroup();
  readonly surprises: OrderSurprise[] = [];
  surpriseCount = 0;
  orders = 0;
  unpaid = 0;
  /** The same request again, answered as the first time. */
  replays = 0;
  /** Creates of another body, refused. */
  conflicts = 0;

  ended(order: HttpOrder, { end, acquirerId }: { end: PaymentEnd; acquirerId: string }): void {
    this.ends[end] += 1;
    add(this.byStimulus, order.stimulus, end);
    add(this.byScenario, order.scenario, end);
    if (acquirerId !== '') add(this.byAcquirer, acquirerId, end);
    const wanted = order.expected?.status;
    // An acquirer that fails at that moment cannot decline.
    const mayEnd = order.stimulus === 'acquirer_decline' && end === 'reversed';
    if (wanted !== undefined && end !== wanted && !mayEnd) this.surprise(order, wanted, end);
    if (end === 'refused') this.surprise(order, 'a payment', end);
    if (end === 'pending') this.surprise(order, 'an outcome', 'none');
  }

  surprise(order: HttpOrder, expected: string, got: string): void {
    this.surpriseCount += 1;
    const merchantOrderNo = order.creates[0]?.body.merchantOrderNo ?? '';
    if (this.surprises.length < shownSurprises)
      this.surprises.push({ merchantOrderNo, stimulus: order.stimulus, expected, got });
  }
}

function add<Key>(groups: Map<Key, Group>, key: Key, end: PaymentEnd): void {
  const group = groups.get(key) ?? emptyGroup();
  group[end] += 1;
  groups.set(key, group);
}
