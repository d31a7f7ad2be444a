import { describe, expect, it } from '@jest/globals';
import { behaviourSchema, changeBehaviour } from './behaviour.ts';
import { latencyMs, planSale } from './sale-plan.ts';

const calm = behaviourSchema.parse({});
const rrns = Array.from({ length: 20_000 }, (_, index) => `RRN${String(index).padStart(9, '0')}`);
const amount = '000000002372';

describe('planSale', () => {
  it('approves at once unless told otherwise', () => {
    expect(planSale(calm, 'RRN000000001', amount)).toEqual({
      responseCode: '00',
      answer: 'normal',
      wrongAmount: false,
      delayMs: 0,
    });
  });

  it('picks the given share, the same payments each time, others with another seed', () => {
    const behaviour = changeBehaviour(calm, { declineRate: 0.1, declineCode: '51' });
    const declined = (seed: number): string[] =>
      rrns.filter((rrn) => planSale({ ...behaviour, seed }, rrn, amount).responseCode === '51');
    expect(declined(1).length).toBeGreaterThan(1_800);
    expect(declined(1).length).toBeLessThan(2_200);
    expect(declined(1)).toEqual(declined(1));
    expect(declined(2)).not.toEqual(declined(1));
  });

  it('draws each misbehaviour on its own', () => {
    const behaviour = changeBehaviour(calm, { declineRate: 0.5, silentRate: 0.5 });
    const both = rrns
      .map((rrn) => planSale(behaviour, rrn, amount))
      .filter((plan) => plan.responseCode === '05' && plan.answer === 'silent');
    expect(both.length).toBeGreaterThan(4_600);
    expect(both.length).toBeLessThan(5_400);
  });

  it('lets the first rule that fits the amount hold before any rate', () => {
    const amountRules = [
      { endsWith: '372', responseCode: '61' },
      { endsWith: '2', responseCode: '51' },
    ];
    const behaviour = changeBehaviour(calm, { amountRules, technicalRate: 1 });
    expect(planSale(behaviour, 'RRN000000001', amount).responseCode).toBe('61');
    expect(planSale(behaviour, 'RRN000000001', '000000000001').responseCode).toBe('91');
  });

  it('draws latencies with the median and the 99th percentile asked for', () => {
    const behaviour = changeBehaviour(calm, { latencyMs: { p50: 100, p99: 1_000 } });
    const sorted = rrns.map((rrn) => latencyMs(behaviour, rrn)).sort((a, b) => a - b);
    expect(Math.abs((sorted[10_000] ?? 0) - 100)).toBeLessThan(5);
    expect(Math.abs((sorted[19_800] ?? 0) - 1_000)).toBeLessThan(120);
  });

  it.each([{ silent: true }, { declineRate: 2 }, { declineCode: '5' }, { latencyMs: -1 }])('refuses %j', (change) => {
    expect(() => changeBehaviour(calm, change)).toThrow();
  });
});
