import { describe, expect, it } from '@jest/globals';
import { decodeOperationRequested, fingerprintOf } from '@fourway/contracts';
import { checkRequest } from '@fourway/payment';
import { minuteOfPayment } from '../day-pace.ts';
import { network, scenarios } from '../scenarios.ts';
import { createWorld } from '../world.ts';
import { badInputs } from './bad-input.ts';
import { isDecliningAmount } from './amount-rules.ts';
import type { TrafficItem } from './item.ts';
import { plainMix, traffic } from './traffic.ts';

const nowMs = 1_763_800_000_000;
const clock = { nowMs: () => nowMs };
const world = createWorld({ seed: 7, merchants: 500 });
const day = [...traffic(world, { payments: 5_000, seed: 3, clock })];
const of = (stimulus: TrafficItem['stimulus']): TrafficItem[] => day.filter((item) => item.stimulus === stimulus);
const firstValue = ({ records }: TrafficItem): Buffer => records[0]?.value ?? Buffer.alloc(0);

describe('traffic', () => {
  it('is the same for the same seed and clock, and other for another seed', () => {
    expect([...traffic(world, { payments: 5_000, seed: 3, clock })]).toEqual(day);
    expect([...traffic(world, { payments: 10, seed: 4, clock })]).not.toEqual(day.slice(0, 10));
  });

  it('makes as many items that end in an outcome as were asked for, and gives no two the same id', () => {
    const paid = day.filter(({ expected }) => expected.answer === 'outcome');
    expect(paid.length).toBe(5_000);
    expect(new Set(paid.map(({ operationId }) => operationId)).size).toBe(5_000);
  });

  it('sends nothing in an outcome item that the rulebook refuses', () => {
    const faults = day
      .filter(({ expected }) => expected.answer === 'outcome')
      .flatMap(({ records }) => records.map(({ value }) => checkRequest(decodeOperationRequested(value), nowMs)));
    expect(faults.filter((fault) => fault !== null)).toEqual([]);
  });

  it('has every kind of duplicate: same fingerprint, same id', () => {
    for (const stimulus of ['duplicate_in_batch', 'duplicate_in_flight', 'duplicate_after_outcome'] as const) {
      const items = of(stimulus);
      expect(items.length).toBeGreaterThan(10);
      const fingerprints = items.map(({ records }) =>
        records.map(({ value }) => fingerprintOf(decodeOperationRequested(value))),
      );
      expect(fingerprints.filter(([first, second]) => first !== second)).toEqual([]);
    }
  });

  it('has conflicts: same id, other fingerprint, and an event id of their own', () => {
    for (const { records } of of('conflict')) {
      const [first, second] = records.map(({ value }) => decodeOperationRequested(value));
      expect(second?.operationId).toBe(first?.operationId);
      expect(second?.eventId).not.toBe(first?.eventId);
      expect(second && fingerprintOf(second)).not.toBe(first && fingerprintOf(first));
    }
  });

  it('spoils input in every way there is, each with the code the rulebook gives', () => {
    const byStore = ['unknown_merchant', 'unknown_card_token'];
    const made = new Set(day.map(({ stimulus }) => stimulus));
    expect(badInputs.filter((name) => !made.has(name))).toEqual([]);
    for (const item of day) {
      if (item.expected.answer === 'dead_letter') {
        const { code } = item.expected;
        expect(() => decodeOperationRequested(firstValue(item))).toThrow(expect.objectContaining({ code }));
      }
      if (item.expected.answer === 'refusal' && !byStore.includes(item.expected.code)) {
        expect(checkRequest(decodeOperationRequested(firstValue(item)), nowMs)?.code).toBe(item.expected.code);
      }
    }
  });

  it('asks the simulated acquirer for a decline only where it means to', () => {
    const amounts = of('sale').map((item) => decodeOperationRequested(firstValue(item)).amountMinor);
    expect(amounts.filter(isDecliningAmount)).toEqual([]);
    const declining = of('acquirer_decline').map((item) => decodeOperationRequested(firstValue(item)).amountMinor);
    expect(declining.every(isDecliningAmount)).toBe(true);
  });

  it('pays with some cards and at some merchants far more often than with others', () => {
    const merchants = Map.groupBy(of('sale'), (item) => decodeOperationRequested(firstValue(item)).merchantId);
    const most = Math.max(...[...merchants.values()].map(({ length }) => length));
    expect(most).toBeGreaterThan((10 * of('sale').length) / world.merchantCount);
  });

  it('pays at the scenarios as often as a day does, a tenth of it at twelve metros, and in amounts of the place', () => {
    const wide = createWorld({ seed: 7, merchants: 50_000 });
    const items = [...traffic(wide, { payments: 20_000, seed: 3, clock, mix: plainMix })];
    const requests = items.map((item) => ({ ...item, ...decodeOperationRequested(firstValue(item)) }));
    const total = scenarios.reduce((sum, { dailyPayments }) => sum + dailyPayments, 0);
    for (const { name, dailyPayments, amount } of scenarios) {
      const ofScenario = requests.filter(({ scenario }) => scenario === name);
      const expected = (items.length * dailyPayments) / total;
      expect(Math.abs(ofScenario.length - expected)).toBeLessThan(5 * Math.sqrt(expected));
      const sorted = ofScenario.map(({ amountMinor }) => Number(amountMinor)).sort((a, b) => a - b);
      const median = sorted[sorted.length >> 1] ?? 0;
      if (sorted.length > 500) expect(Math.abs(median / amount.medianMinor - 1)).toBeLessThan(0.15);
      expect(sorted.at(-1) ?? 0).toBeLessThanOrEqual(amount.maxMinor);
    }
    const metros = new Set(Array.from({ length: network.metros }, (_, index) => wide.merchantId(index)));
    const atMetros = requests.filter(({ merchantId }) => metros.has(merchantId)).length / items.length;
    expect(Math.abs(atMetros - 0.09)).toBeLessThan(0.01);
    expect(new Set(requests.map(({ merchantId }) => merchantId)).size).toBeGreaterThan(5_000);
  });

  it('can follow the day: commuters at eight, canteens at noon', () => {
    const items = [...traffic(world, { payments: 20_000, seed: 3, clock, mix: plainMix, followDay: true })];
    const partIn = (scenario: string, hour: number): number => {
      const inHour = items.filter((_, index) => Math.floor(minuteOfPayment(index, items.length) / 60) === hour);
      return inHour.filter((item) => item.scenario === scenario).length / inHour.length;
    };
    expect(partIn('transit', 8)).toBeGreaterThan(1.5 * partIn('transit', 12));
    expect(partIn('canteen', 12)).toBeGreaterThan(5 * partIn('canteen', 15));
  });

  it('has payments with operations on them, each with an id of its own and on the root it follows', () => {
    const withOperations = day.filter(({ following = [] }) => following.length > 0);
    expect(withOperations.length / day.length).toBeGreaterThan(0.02);
    const ids = new Set<string>();
    for (const { following = [], isEarly = false, ...first } of withOperations) {
      const all = [first, ...following.map(({ item }) => item)].map((item) =>
        decodeOperationRequested(firstValue(item)),
      );
      for (const request of all) ids.add(request.operationId);
      expect(new Set(all.map(({ rootId }) => rootId)).size).toBe(1);
      expect(all.filter(({ operationId, rootId }) => operationId === rootId).length).toBe(1);
      expect(all[isEarly ? 1 : 0]?.kind).toMatch(/sale|authorize/);
      expect(all.map((request) => checkRequest(request, nowMs)).filter((fault) => fault !== null)).toEqual([]);
    }
    expect(ids.size).toBe(withOperations.reduce((sum, { following = [] }) => sum + 1 + following.length, 0));
  });

  it('refunds more than there is only where it means to, and never in parts', () => {
    const amounts = (item: TrafficItem): bigint[] =>
      [item, ...(item.following ?? []).map(({ item: after }) => after)].map(
        (each) => decodeOperationRequested(firstValue(each)).amountMinor,
      );
    for (const [sale = 0n, ...refunds] of of('partial_refunds').map(amounts))
      expect(refunds.reduce((sum, amount) => sum + amount, 0n)).toBe(sale);
    for (const [sale = 0n, refund = 0n] of of('over_refund').map(amounts)) expect(refund).toBeGreaterThan(sale);
  });

  it('can be plain: sound first-time sales only', () => {
    const plain = [...traffic(world, { payments: 500, seed: 3, clock, mix: plainMix })];
    expect(new Set(plain.map(({ stimulus }) => stimulus))).toEqual(new Set(['sale']));
    expect(plain.every(({ records }) => records.length === 1)).toBe(true);
  });
});
