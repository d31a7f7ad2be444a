import type { OperationRequest, OutcomeStatusName } from '@fourway/contracts';
import { uuidV7 } from '@fourway/kernel';
import { cyclic, RandomSequence, weightedPicker } from '../random.ts';
import type { ScenarioName } from '../scenarios.ts';
import type { World } from '../world.ts';
import { minuteOfPayment } from '../day-pace.ts';
import { decliningAmount } from './amount-rules.ts';
import { BusyMerchants } from './busy-merchants.ts';
import { deniedTokens, tokenOfCard } from './cards.ts';
import { amountOf } from './sales.ts';

/** Why an order is made: what of the HTTP door it is there to try. */
export type HttpStimulus =
  | 'order'
  /** Created twice: same key, same body. The second answer is the first one. */
  | 'duplicate_create'
  /** Created again under the same key with another amount: refused, and the first order stays as it is. */
  | 'conflicting_create'
  /** Created again with another amount and a key of its own, but the same order number: refused as well. */
  | 'conflicting_number'
  /** Paid twice: same key, same body. */
  | 'duplicate_payment'
  /** The same merchant order also comes as a record of payments.requested.v1: one payment all the same. */
  | 'both_doors'
  | 'acquirer_decline'
  | 'denied_card'
  /** Created and never paid. */
  | 'unpaid';

/** The body of POST /v1/orders; an amount is an integer of minor units that a JSON number holds exactly. */
export interface HttpOrderBody {
  readonly merchantOrderNo: string;
  readonly amountMinor: number;
  readonly currency: 'CNY';
  readonly terminalId: string;
  readonly description: string;
}

/** One POST /v1/orders, signed by the merchant. */
export interface HttpCreate {
  readonly idempotencyKey: string;
  readonly body: HttpOrderBody;
  /** What must come back: an order of its own, the first create's order, or a problem with no order. */
  readonly expected: 'new_order' | 'same_order' | 'conflict';
}

/** One POST /v1/payments, signed by the payer's app; its body has the order's code, which only the answer to the create tells. */
export interface HttpPay {
  readonly idempotencyKey: string;
  readonly cardToken: string;
}

/** One order at the HTTP door, from its creation to what must become of it; plain data, to be played by whoever has a client. */
export interface HttpOrder {
  readonly stimulus: HttpStimulus;
  readonly merchantIndex: number;
  readonly merchantId: string;
  readonly apiKeyVersion: number;
  readonly scenario: ScenarioName;
  /** To be sent in this order, each after the answer to the one before. */
  readonly creates: readonly HttpCreate[];
  /** To be sent one after the other; more than one are the same request again. */
  readonly payments: readonly HttpPay[];
  /** True where `streamRequestOf(order, …)` is to be produced beside the payment. */
  readonly bothDoors: boolean;
  /** What the payment must end as; null where there is none, undefined status: any outcome. */
  readonly expected: { readonly status?: OutcomeStatusName } | null;
}

export interface HttpOrdersOptions {
  readonly orders: number;
  readonly seed: number;
  /** In parts; default `httpDayMix`. */
  readonly mix?: Readonly<Partial<Record<HttpStimulus, number>>>;
  /** Distinct cards; default two per order, at most 5,000,000. */
  readonly cards?: number;
  /** As for `traffic`. */
  readonly followDay?: boolean;
  /** Becomes part of order numbers and keys, at most 12 characters [0-9A-Za-z]: a stack that has seen these orders knows them again. */
  readonly run?: string;
}

export const httpDayMix: Readonly<Record<HttpStimulus, number>> = {
  ...{ order: 9_200, duplicate_create: 150, conflicting_create: 100, conflicting_number: 50, duplicate_payment: 100 },
  ...{ both_doors: 100, acquirer_decline: 180, denied_card: 40, unpaid: 80 },
};

/** Sound orders only, each created and paid once. */
export const httpPlainMix: Readonly<Partial<Record<HttpStimulus, number>>> = { order: 1 };

/** Kept apart from the stream's numbers, so that both doors may be played over one world at once. */
const randomStream = 30;
const cardSkew = 1.15;
const mostKeySearch = 1_000;

/** Orders to create over HTTP and to pay, decided by the seeds of world and orders alone. */
export function* httpOrders(world: World, options: HttpOrdersOptions): Generator<HttpOrder> {
  const { orders, seed, mix = httpDayMix, followDay = false } = options;
  const maker = new HttpOrderMaker(world, options);
  const pick = weightedPicker(httpStimuli.map((stimulus) => ({ stimulus, weight: mix[stimulus] ?? 0 })));
  const random = new RandomSequence(seed, randomStream + 1);
  for (let made = 0; made < orders; made += 1) {
    if (followDay) maker.moveTo(minuteOfPayment(made, orders));
    yield maker.make(pick(random.fraction()).stimulus, made);
  }
}

const httpStimuli = Object.keys(httpDayMix).sort().filter(isHttpStimulus);

function isHttpStimulus(name: string): name is HttpStimulus {
  return Object.hasOwn(httpDayMix, name);
}

class HttpOrderMaker {
  readonly #world: World;
  readonly #random: RandomSequence;
  readonly #merchants: BusyMerchants;
  /** What tells these orders from those of other runs. */
  readonly #run: string;
  readonly #cards: number;

  constructor(world: World, { orders, seed, cards, run = '' }: HttpOrdersOptions) {
    this.#world = world;
    this.#run = `${seed.toString(36)}${run}`;
    this.#random = new RandomSequence(seed, randomStream);
    this.#cards = cards ?? Math.min(5_000_000, Math.max(1_000, orders * 2));
    // A payer scans an order's code; where the merchant scans the payer's, there is none.
    this.#merchants = new BusyMerchants(
      world,
      this.#random,
      ({ dailyPayments, consumerPresented }) => dailyPayments * (1 - consumerPresented),
    );
  }

  moveTo(minute: number): void {
    this.#merchants.moveTo(minute);
  }

  make(stimulus: HttpStimulus, number: number): HttpOrder {
    const merchantIndex = this.#merchantWithKey();
    const scenario = this.#world.scenario(merchantIndex);
    const name = `${this.#run}-${number.toString(36)}`;
    const body: HttpOrderBody = {
      merchantOrderNo: `H${name}`,
      amountMinor: this.#amountMinor(stimulus, merchantIndex),
      currency: 'CNY',
      terminalId: this.#world.terminalId(merchantIndex),
      description: scenario.name,
    };
    const pay = { idempotencyKey: `pay-${name}`, cardToken: this.#card(stimulus) };
    return {
      ...{ stimulus, merchantIndex, merchantId: this.#world.merchantId(merchantIndex), apiKeyVersion: 1 },
      scenario: scenario.name,
      creates: createsOf(stimulus, { idempotencyKey: `order-${name}`, body, expected: 'new_order' }),
      payments: stimulus === 'unpaid' ? [] : stimulus === 'duplicate_payment' ? [pay, pay] : [pay],
      bothDoors: stimulus === 'both_doors',
      expected: expectedOf(stimulus),
    };
  }

  /** A busy merchant with a key, drawn until one comes up. */
  #merchantWithKey(): number {
    for (let tries = 0; tries < mostKeySearch; tries += 1) {
      const index = this.#merchants.next();
      if (this.#world.hasApiKey(index)) return index;
    }
    // Only in a world whose draws all fall on its many merchants without a key; the first merchant always has one.
    return 0;
  }

  #amountMinor(stimulus: HttpStimulus, merchantIndex: number): number {
    const amountMinor =
      stimulus === 'acquirer_decline'
        ? decliningAmount(this.#random.below(400), this.#random.below(1_000))
        : amountOf(this.#world.scenario(merchantIndex).amount, this.#random);
    return parseAmount(amountMinor);
  }

  #card(stimulus: HttpStimulus): string {
    if (stimulus === 'denied_card') return cyclic(deniedTokens, this.#random.below(deniedTokens.length));
    return tokenOfCard(this.#world.seed, this.#world.issuers.length, this.#random.rank(this.#cards, cardSkew));
  }
}

/** Amounts stay far below 2^53, so JSON's numbers hold them exactly. */
const parseAmount = (amountMinor: bigint): number => Number(amountMinor);

function createsOf(stimulus: HttpStimulus, first: HttpCreate): HttpCreate[] {
  const other = { ...first.body, amountMinor: first.body.amountMinor + 100 };
  if (stimulus === 'duplicate_create') return [first, { ...first, expected: 'same_order' }];
  if (stimulus === 'conflicting_create') return [first, { ...first, body: other, expected: 'conflict' }];
  if (stimulus !== 'conflicting_number') return [first];
  return [first, { idempotencyKey: `${first.idempotencyKey}-2`, body: other, expected: 'conflict' }];
}

function expectedOf(stimulus: HttpStimulus): HttpOrder['expected'] {
  if (stimulus === 'unpaid') return null;
  return stimulus === 'acquirer_decline' || stimulus === 'denied_card' ? { status: 'declined' } : {};
}

/**
 * The same merchant order as a record of payments.requested.v1, for orders with `bothDoors`.
 * @param operationId of the HTTP payment, to be its duplicate; without it the record has an id of its own
 */
export function streamRequestOf(
  order: HttpOrder,
  { nowMs, random, operationId }: { nowMs: number; random: RandomSequence; operationId?: string },
): OperationRequest {
  const [first] = order.creates;
  const [pay] = order.payments;
  if (first === undefined || pay === undefined) throw new Error('broken invariant: an order for both doors is paid');
  const id = operationId ?? uuidV7(nowMs, random.bytes(10));
  const { merchantOrderNo, amountMinor, currency, terminalId } = first.body;
  return {
    ...{ eventId: uuidV7(nowMs, random.bytes(10)), operationId: id, rootId: id, kind: 'sale' },
    ...{ merchantId: order.merchantId, terminalId, merchantOrderNo, amountMinor: BigInt(amountMinor), currency },
    ...{ cardToken: pay.cardToken, presentment: 'merchant', requestedAtMs: nowMs, expiresAtMs: 0 },
    upstreamId: 'sample-upstream',
  };
}
