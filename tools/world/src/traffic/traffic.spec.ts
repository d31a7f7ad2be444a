import { describe, expect, it } from '@jest/globals';
import { decodeOperationRequested, fingerprintOf } from '@fourway/contracts';
import { checkRequest } from '@fourway/payment';
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

  it('can be plain: sound first-time sales only', () => {
    const plain = [...traffic(world, { payments: 500, seed: 3, clock, mix: plainMix })];
    expect(new Set(plain.map(({ stimulus }) => stimulus))).toEqual(new Set(['sale']));
    expect(plain.every(({ records }) => records.length === 1)).toBe(true);
  });
});
