import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { ClusterModel, LoadModel, StageModel } from './model.ts';
import { simulate } from './simulate.ts';

const stage = (name: string, change: Partial<StageModel> = {}): StageModel => ({
  ...{ name, replicas: 2, maxBatch: 500, inFlight: 2, pickUpMs: 5 },
  visits: [
    { station: 'thread', fixedMs: 0.2, perRecordMicros: 20 },
    { station: 'store', fixedMs: 0.3, perRecordMicros: 10 },
    { fixedMs: 2, perRecordMicros: 0 },
  ],
  ...change,
});
const cluster = (change: Partial<ClusterModel> = {}): ClusterModel => ({
  ...{ partitions: 8, hottestShare: 0, hosts: [], stations: [{ name: 'store', nodes: 1, servers: 2 }] },
  stages: [stage('first', { rekeyed: true }), stage('second')],
  ...change,
});
const load = (change: Partial<LoadModel> = {}): LoadModel => ({
  ...{ seed: 1, preloaded: 0, perSecond: 2_000, arrivingMs: 1_000, mostMs: 60_000, warmUpMs: 0 },
  ...change,
});
const seeds = fc.nat({ max: 0xffff });

describe('a simulated cluster', () => {
  it('loses nothing and makes nothing, also when a replica dies at any moment', () => {
    const losses = fc.record({ atMs: fc.nat({ max: 1_000 }), takeOverMs: fc.nat({ max: 2_000 }) });
    const cases = fc.tuple(seeds, fc.integer({ min: 1, max: 4 }), fc.constantFrom('first', 'second'), losses);
    fc.assert(
      fc.property(cases, ([seed, replicas, name, loss]) => {
        const stages = [stage('first', { replicas, rekeyed: true }), stage('second', { replicas })];
        const { arrived, finished } = simulate(cluster({ stages }), load({ seed, loss: { stage: name, ...loss } }));
        expect(arrived).toBeGreaterThan(1_500);
        expect(finished).toBe(arrived);
      }),
      { numRuns: 25 },
    );
  });

  it('is the same again with the same seed, and another with another', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const first = simulate(cluster(), load({ seed }));
        expect(simulate(cluster(), load({ seed }))).toEqual(first);
        expect(simulate(cluster(), load({ seed: seed + 1 })).lastMs).not.toBe(first.lastMs);
      }),
      { numRuns: 10 },
    );
  });

  it('never has servers work more than all the time, and works exactly as much as there is to do', () => {
    fc.assert(
      fc.property(seeds, fc.integer({ min: 1, max: 4 }), (seed, cores) => {
        const hosts = [{ name: 'machine', cores }];
        const stages = [
          stage('only', { host: 'machine', visits: [{ station: 'thread', fixedMs: 0, perRecordMicros: 20 }] }),
        ];
        const { utilisation, lastMs, finished } = simulate(cluster({ hosts, stages }), load({ seed }));
        expect(utilisation['machine']).toBeLessThanOrEqual(1);
        expect((utilisation['machine'] ?? 0) * lastMs * cores).toBeCloseTo(finished * 0.02, 3);
      }),
      { numRuns: 10 },
    );
  });

  it('makes of a full topic what its narrowest place allows, and never more', () => {
    const costs = fc.record({ thread: fc.integer({ min: 10, max: 80 }), store: fc.integer({ min: 10, max: 80 }) });
    fc.assert(
      fc.property(costs, fc.integer({ min: 1, max: 4 }), ({ thread, store }, replicas) => {
        const visits = [
          { station: 'thread', fixedMs: 0, perRecordMicros: thread },
          { station: 'store', fixedMs: 0, perRecordMicros: store },
        ];
        const stages = [stage('only', { replicas, inFlight: 4, visits })];
        const { perSecond } = simulate(cluster({ stages }), load({ preloaded: 50_000, perSecond: 0 }));
        const bound = Math.min((replicas * 1e6) / thread, (2 * 1e6) / store);
        expect(perSecond).toBeLessThanOrEqual(bound * 1.001);
        expect(perSecond).toBeGreaterThan(bound * 0.8);
      }),
      { numRuns: 10 },
    );
  });

  it('answers as one server with a queue does: a wait of half the load over what is free (Pollaczek, Khinchine)', () => {
    // One record a batch, 1 ms each, 500/s: mean wait 0.5 ms, so half of all wait nearly nothing and one in a hundred some milliseconds.
    const visits = [{ station: 'thread', fixedMs: 0, perRecordMicros: 1_000 }];
    const stages = [stage('only', { replicas: 1, maxBatch: 1, inFlight: 1, pickUpMs: 0, visits })];
    const { latencyMs, utilisation } = simulate(
      cluster({ partitions: 1, stages }),
      load({ perSecond: 500, arrivingMs: 30_000, mostMs: 90_000 }),
    );
    expect(utilisation['only thread']).toBeCloseTo(0.5, 1);
    expect(latencyMs['only']?.p50).toBeLessThan(2.1);
    expect(latencyMs['only']?.p99).toBeGreaterThan(3);
    expect(latencyMs['only']?.p99).toBeLessThan(6);
  });
});

describe('what a cluster is asked about', () => {
  it('more replicas make more of a stage whose threads are the narrowest place', () => {
    const rates = [1, 2, 4].map((replicas) => {
      const visits = [{ station: 'thread', fixedMs: 0, perRecordMicros: 50 }];
      const stages = [stage('only', { replicas, visits })];
      return simulate(cluster({ stages }), load({ preloaded: 50_000, perSecond: 0 })).perSecond;
    });
    expect((rates[1] ?? 0) / (rates[0] ?? 1)).toBeCloseTo(2, 1);
    // Partitions are not quite equally full.
    expect((rates[2] ?? 0) / (rates[0] ?? 1)).toBeGreaterThan(3.8);
    expect((rates[2] ?? 0) / (rates[0] ?? 1)).toBeLessThan(4.01);
  });

  it('a hot key fills its own partition and makes the tail longer', () => {
    const slow = stage('second', { replicas: 8, visits: [{ station: 'thread', fixedMs: 0, perRecordMicros: 900 }] });
    const stages = [stage('first', { rekeyed: true }), slow];
    const tail = (hottestShare: number): number =>
      simulate(cluster({ hottestShare, stages }), load({ perSecond: 4_000 })).latencyMs['second']?.p99 ?? NaN;
    expect(tail(0.5)).toBeGreaterThan(2 * tail(0));
  });

  it('a lost replica holds its part of the payments until it is taken over', () => {
    const loss = { stage: 'first', atMs: 500, takeOverMs: 1_000 };
    const { latencyMs } = simulate(cluster(), load({ loss }));
    expect(latencyMs['second']?.p99).toBeGreaterThan(900);
    expect(latencyMs['second']?.p50).toBeLessThan(100);
  });
});
