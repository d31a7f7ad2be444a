import { describe, expect, it } from '@jest/globals';
import { checkRequest } from '@fourway/payment';
import { RandomSequence } from '../random.ts';
import { createWorld } from '../world.ts';
import { isDecliningAmount } from './amount-rules.ts';
import { deniedTokens } from './cards.ts';
import { httpDayMix, httpOrders, httpPlainMix, streamRequestOf, type HttpOrder } from './http-orders.ts';

const nowMs = 1_763_800_000_000;
const world = createWorld({ seed: 7, merchants: 2_000 });
const orders = [...httpOrders(world, { orders: 4_000, seed: 3 })];
const of = (stimulus: HttpOrder['stimulus']): HttpOrder[] => orders.filter((order) => order.stimulus === stimulus);

describe('HTTP orders', () => {
  it('are the same for the same seed, and other for another seed or run', () => {
    expect([...httpOrders(world, { orders: 4_000, seed: 3 })]).toEqual(orders);
    expect([...httpOrders(world, { orders: 5, seed: 4 })]).not.toEqual(orders.slice(0, 5));
    const [again] = httpOrders(world, { orders: 1, seed: 3, run: 'evening' });
    expect(again?.creates[0]?.body.merchantOrderNo).not.toBe(orders[0]?.creates[0]?.body.merchantOrderNo);
    expect(again?.merchantIndex).toBe(orders[0]?.merchantIndex);
  });

  it('are of active merchants with an API key, the number of which the directory has', () => {
    for (const { merchantIndex, merchantId, apiKeyVersion } of orders) {
      const merchant = world.merchant(merchantIndex);
      expect([merchant.merchantId, merchant.apiKeyVersion]).toEqual([merchantId, apiKeyVersion]);
      expect(world.isSuspended(merchantIndex)).toBe(false);
    }
  });

  it('have every stimulus, with order numbers and keys of their own', () => {
    expect(new Set(orders.map(({ stimulus }) => stimulus))).toEqual(new Set(Object.keys(httpDayMix)));
    expect(new Set(orders.map(({ creates }) => creates[0]?.body.merchantOrderNo)).size).toBe(orders.length);
    expect(new Set(orders.map(({ creates }) => creates[0]?.idempotencyKey)).size).toBe(orders.length);
  });

  it('create a duplicate with the same key and body, and conflicts with another amount', () => {
    for (const { creates } of of('duplicate_create')) {
      expect(creates[1]).toEqual({ ...creates[0], expected: 'same_order' });
    }
    for (const { creates } of [...of('conflicting_create'), ...of('conflicting_number')]) {
      const [first, second] = creates;
      expect(second?.body).toEqual({ ...first?.body, amountMinor: (first?.body.amountMinor ?? 0) + 100 });
      expect(second?.expected).toBe('conflict');
    }
    const keysOf = ({ creates }: HttpOrder): number =>
      new Set(creates.map(({ idempotencyKey }) => idempotencyKey)).size;
    expect(new Set(of('conflicting_create').map(keysOf))).toEqual(new Set([1]));
    expect(new Set(of('conflicting_number').map(keysOf))).toEqual(new Set([2]));
  });

  it('ask the acquirer or the deny list for a decline only where they mean to', () => {
    for (const { stimulus, creates, payments, expected } of orders) {
      const isDeclined = isDecliningAmount(BigInt(creates[0]?.body.amountMinor ?? 0));
      const isDenied = payments.some(({ cardToken }) => deniedTokens.includes(cardToken));
      expect(isDeclined).toBe(stimulus === 'acquirer_decline');
      expect(isDenied).toBe(stimulus === 'denied_card');
      if (isDeclined || isDenied) expect(expected).toEqual({ status: 'declined' });
    }
  });

  it('leave an unpaid order unpaid, and pay a duplicate payment twice under one key', () => {
    expect(of('unpaid').every(({ payments, expected }) => payments.length === 0 && expected === null)).toBe(true);
    for (const { payments } of of('duplicate_payment')) expect(payments[1]).toEqual(payments[0]);
  });

  it('go through the other door as requests that the rulebook takes, with the same order number and amount', () => {
    const random = new RandomSequence(1, 1);
    for (const order of of('both_doors')) {
      const request = streamRequestOf(order, { nowMs, random });
      expect(checkRequest(request, nowMs)).toBeNull();
      expect(request.merchantOrderNo).toBe(order.creates[0]?.body.merchantOrderNo);
      expect(request.amountMinor).toBe(BigInt(order.creates[0]?.body.amountMinor ?? 0));
    }
  });

  it('come from the scenarios whose merchants show a code, hardly ever from a gate', () => {
    const plain = [...httpOrders(world, { orders: 2_000, seed: 5, mix: httpPlainMix })];
    const byScenario = Map.groupBy(plain, ({ scenario }) => scenario);
    expect(byScenario.get('wet_market')?.length).toBeGreaterThan(byScenario.get('transit')?.length ?? 0);
    expect(new Set(plain.map(({ stimulus }) => stimulus))).toEqual(new Set(['order']));
  });
});
