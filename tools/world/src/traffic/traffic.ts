import { encodeOperationRequested, type OperationRequest } from '@fourway/contracts';
import { systemClock, type Clock } from '@fourway/kernel';
import { minuteOfPayment } from '../day-pace.ts';
import { cyclic, RandomSequence, weightedPicker } from '../random.ts';
import type { World } from '../world.ts';
import { decliningAmount } from './amount-rules.ts';
import { badInputs, spoiledSale } from './bad-input.ts';
import { deniedTokens, offenderToken } from './cards.ts';
import type { Expected, PaymentStimulus, TrafficItem, TrafficRecord } from './item.ts';
import { operationMakers } from './operations.ts';
import { Sales } from './sales.ts';

/** How traffic is mixed, in parts. */
export interface TrafficMix {
  readonly payments: Readonly<Partial<Record<PaymentStimulus, number>>>;
  /** Bad input per payment. */
  readonly badInputShare: number;
}

/** A day with everything in it. */
export const dayMix: TrafficMix = {
  payments: {
    ...{ sale: 8_980, duplicate_in_batch: 110, duplicate_in_flight: 110, duplicate_after_outcome: 110, conflict: 80 },
    ...{ acquirer_decline: 180, denied_card: 40, card_velocity: 60, suspended_merchant: 10, expired_request: 10 },
    ...{ authorize_capture: 80, partial_captures: 20, early_capture: 10, void_sale: 30, void_authorization: 10 },
    ...{ refund: 80, partial_refunds: 40, over_refund: 20, reversal: 10 },
  },
  badInputShare: 0.008,
};

/** Sound first-time sales only: for figures that compare with a rival that knows nothing else. */
export const plainMix: TrafficMix = { payments: { sale: 1 }, badInputShare: 0 };

export interface TrafficOptions {
  /** Items that end in an outcome; bad input comes on top. */
  readonly payments: number;
  readonly seed: number;
  readonly mix?: TrafficMix;
  /** Whether scenarios come as in the course of a day, the first payment at midnight and the last before the next. Default false. */
  readonly followDay?: boolean;
  /** Distinct cards; default two per payment, at most 5,000,000. */
  readonly cards?: number;
  /** Ids and times of requests come from here. */
  readonly clock?: Clock;
  readonly upstreamId?: string;
  /** Milliseconds after which sound requests expire; default the switch's own. */
  readonly expiresAfterMs?: number;
}

interface Workshop {
  readonly world: World;
  readonly sales: Sales;
  readonly random: RandomSequence;
  readonly clock: Clock;
  readonly offenders: number;
}

const offencesPerCard = 40;

/**
 * Traffic to send, one item at a time and made when it is asked for, since ids carry the time. Everything else about an item is
 * decided by the seeds of world and traffic.
 */
export function* traffic(world: World, options: TrafficOptions): Generator<TrafficItem> {
  const { payments, seed, mix = dayMix, clock = systemClock, upstreamId = 'sample-upstream' } = options;
  const { followDay = false, expiresAfterMs = 0 } = options;
  const random = new RandomSequence(seed, 10);
  const cards = options.cards ?? Math.min(5_000_000, Math.max(1_000, payments * 2));
  const sales = new Sales({ world, random, clock, cards, upstreamId, expiresAfterMs });
  const pick = weightedPicker(weightsOf(mix));
  const offenders = Math.max(1, Math.floor((payments * velocityShare(mix)) / offencesPerCard));
  const workshop: Workshop = { world, sales, random, clock, offenders };
  let spoiled = 0;
  for (let made = 0; made < payments; made += 1) {
    if (followDay) sales.moveTo(minuteOfPayment(made, payments));
    if (random.fraction() < mix.badInputShare) {
      yield spoiledSale(cyclic(badInputs, spoiled), { sales, random, nowMs: clock.nowMs() });
      spoiled += 1;
    }
    yield itemMakers[pick(random.fraction()).stimulus](workshop);
  }
}

const weightsOf = ({ payments }: TrafficMix): { stimulus: PaymentStimulus; weight: number }[] =>
  stimuli.map((stimulus) => ({ stimulus, weight: payments[stimulus] ?? 0 })).filter(({ weight }) => weight > 0);

function velocityShare(mix: TrafficMix): number {
  const total = weightsOf(mix).reduce((sum, { weight }) => sum + weight, 0);
  return (mix.payments.card_velocity ?? 0) / total;
}

const anyOutcome: Expected = { answer: 'outcome' };
const declined: Expected = { answer: 'outcome', status: 'declined' };

const itemMakers: Record<PaymentStimulus, (workshop: Workshop) => TrafficItem> = {
  sale: ({ sales }) => payment('sale', sales.next()),
  duplicate_in_batch: ({ sales }) => payment('duplicate_in_batch', sales.next(), { again: { afterMs: 0 } }),
  duplicate_in_flight: ({ sales, random }) =>
    payment('duplicate_in_flight', sales.next(), { again: { afterMs: 50 + random.below(150) } }),
  duplicate_after_outcome: ({ sales }) => payment('duplicate_after_outcome', sales.next(), { again: 'after_outcome' }),
  conflict: conflictingPair,
  acquirer_decline: ({ sales, random }) =>
    payment('acquirer_decline', sales.next({ amountMinor: decliningAmount(random.below(400), random.below(1_000)) })),
  denied_card: ({ sales, random }) =>
    payment('denied_card', sales.next({ cardToken: cyclic(deniedTokens, random.below(64)) }), { expected: declined }),
  card_velocity: ({ world, sales, random, offenders }) =>
    payment(
      'card_velocity',
      sales.next({ cardToken: offenderToken(world.seed, world.issuers.length, random.below(offenders)) }),
    ),
  suspended_merchant: ({ sales }) => {
    const merchantId = sales.suspendedMerchantId();
    return merchantId === null
      ? payment('sale', sales.next())
      : payment('suspended_merchant', sales.next({ merchantId }), { expected: declined });
  },
  expired_request: ({ sales, clock }) => {
    const requestedAtMs = clock.nowMs() - 120_000;
    const late = { requestedAtMs, expiresAtMs: requestedAtMs + 60_000 };
    return payment('expired_request', sales.next(late), { expected: { answer: 'outcome', status: 'expired' } });
  },
  ...operationMakers,
};
const stimuli = Object.keys(itemMakers).sort().filter(isStimulus);

function isStimulus(name: string): name is PaymentStimulus {
  return Object.hasOwn(itemMakers, name);
}

function payment(
  stimulus: PaymentStimulus,
  { request, scenario }: ReturnType<Sales['next']>,
  { again, expected = anyOutcome }: { again?: TrafficRecord['send']; expected?: Expected } = {},
): TrafficItem {
  const first = recordOf(request, 'request', { afterMs: 0 });
  // The same request again, byte for byte: only the identity decides that it is a duplicate.
  const records = again === undefined ? [first] : [first, { ...first, role: 'duplicate' as const, send: again }];
  return { stimulus, operationId: request.operationId, scenario: scenario.name, records, expected };
}

function conflictingPair({ sales, clock }: Workshop): TrafficItem {
  const { request, scenario } = sales.next();
  const other = { ...request, eventId: sales.newId(clock.nowMs()), amountMinor: request.amountMinor + 100n };
  const records = [recordOf(request, 'request', { afterMs: 0 }), recordOf(other, 'conflict', { afterMs: 20 })];
  return {
    stimulus: 'conflict',
    operationId: request.operationId,
    scenario: scenario.name,
    records,
    expected: anyOutcome,
  };
}

const recordOf = (
  request: OperationRequest,
  role: TrafficRecord['role'],
  send: TrafficRecord['send'],
): TrafficRecord => ({
  eventId: request.eventId,
  key: request.rootId,
  value: encodeOperationRequested(request),
  role,
  send,
});
