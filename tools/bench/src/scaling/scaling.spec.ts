import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { partsOf } from '../processes/replica-shares.ts';
import { postgresShare, singleMachine } from './clusters.ts';
import { documentedCosts, parseCosts } from './costs.ts';
import { limitsOf, storageOf } from './limits.ts';
import { longestPauseMs } from './longest-pause.ts';
import { hundredfoldDay, peakPerSecond, sizingFor, widened } from './plan-day.ts';
import { simulate } from './simulation/simulate.ts';

describe('the longest pause', () => {
  it('is where a count stood still, a standstill at the end not being one', () => {
    const counts = [0, 10, 10, 10, 40, 50, 50];
    expect(longestPauseMs(counts.map((count, i) => ({ atMs: i * 100, count })))).toBe(300);
    expect(longestPauseMs([])).toBe(0);
  });
});

describe('shares of replicas', () => {
  it('add up to all', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 1_000_000 }), { minLength: 1, maxLength: 8 }), (values) => {
        expect(partsOf(values).reduce((sum, part) => sum + part, 0)).toBeCloseTo(1, 1);
      }),
    );
  });
});

describe('costs', () => {
  it('come from a stream report, and from nothing else', () => {
    const { cpuMicros, bytesByTable, perSecond, payments, paced } = documentedCosts;
    const report = {
      cpuMicrosPerPayment: { ...cpuMicros, total: 1 },
      results: {
        B1: { value: perSecond, detail: { payments, postgresBytesByTable: bytesByTable } },
        B3: { detail: { rate: paced.rate, latencyMs: { p50: paced.p50, p99: paced.p99 } } },
      },
    };
    expect(parseCosts(JSON.stringify(report), 'b.json')).toEqual(documentedCosts);
    expect(() => parseCosts('{', 'b.json')).toThrow('b.json is no stream report');
  });
});

describe('sizing', () => {
  it('leaves room at the peak after the loss of a replica', () => {
    const { replicas, partitions } = sizingFor(documentedCosts, hundredfoldDay);
    const micros = documentedCosts.cpuMicros['acquirer-routing'];
    expect((peakPerSecond(hundredfoldDay) * micros) / 1e6 / (replicas['acquirer-routing'] - 1)).toBeLessThanOrEqual(
      0.6,
    );
    expect(partitions).toBeGreaterThanOrEqual(6 * replicas['acquirer-routing']);
  });

  it('leaves settlement enough to post the peak after the loss of a replica, its transactions following one another', () => {
    const { replicas } = sizingFor(documentedCosts, hundredfoldDay);
    const { settlement, postgres } = documentedCosts.cpuMicros;
    const micros = settlement + postgres * postgresShare.fact;
    expect((peakPerSecond(hundredfoldDay) * micros) / 1e6 / (replicas.settlement - 1)).toBeLessThanOrEqual(0.6);
  });

  it('widens what is too busy, and only that', () => {
    const sizing = sizingFor(documentedCosts, hundredfoldDay);
    const wider = widened(sizing, { postgres: 0.7, redis: 0.5, 'settlement thread': 0.61 });
    expect(wider).toEqual({
      ...sizing,
      postgresCores: sizing.postgresCores + 1,
      replicas: { ...sizing.replicas, settlement: sizing.replicas.settlement + 1 },
    });
  });
});

describe('limits', () => {
  it('move with the cost they come from, the narrowest first', () => {
    const half = {
      ...documentedCosts,
      cpuMicros: { ...documentedCosts.cpuMicros, redis: documentedCosts.cpuMicros.redis / 2 },
    };
    const redis = (limits: ReturnType<typeof limitsOf>): number =>
      limits.find(({ constant }) => constant === 'one Redis node')?.perSecond ?? NaN;
    expect(redis(limitsOf(half)) / redis(limitsOf(documentedCosts))).toBeCloseTo(2, 3);
    const rates = limitsOf(half).map(({ perSecond }) => perSecond);
    expect(rates).toEqual(rates.toSorted((a, b) => a - b));
  });

  it('of storage are bytes times payments times days', () => {
    const need = storageOf({ ...documentedCosts, bytesByTable: { 'routing.claim': 100 } }, 1_000_000_000);
    expect(need).toEqual([{ table: 'routing.claim', gigabytesADay: 100, terabytesKept: 4 }]);
  });
});

describe('the measured machine in the simulation', () => {
  it('cannot make more than its two cores have microseconds for', () => {
    const full = { seed: 1, preloaded: 50_000, perSecond: 0, arrivingMs: 0, mostMs: 600_000, warmUpMs: 0 };
    const { perSecond, finished } = simulate(singleMachine(documentedCosts), full);
    const micros = Object.values(documentedCosts.cpuMicros).reduce((sum, each) => sum + each, 0);
    expect(finished).toBe(50_000);
    expect(perSecond).toBeLessThanOrEqual(2e6 / micros);
    expect(perSecond).toBeGreaterThan((2e6 / micros) * 0.7);
  });
});
