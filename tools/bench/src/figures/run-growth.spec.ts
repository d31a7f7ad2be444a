import { describe, expect, it } from '@jest/globals';
import type { RunSample } from '../sampling/run-sample.ts';
import { growthOf, ratesOverTime } from './run-growth.ts';

const mebibyte = 1_048_576;

/** A run whose second half costs `later` times the CPU of its first, a sample every ten payments. */
const run = (payments: number, later: number): RunSample[] =>
  Array.from({ length: payments / 10 + 1 }, (_, i) => {
    const posted = i * 10;
    const micros = 100 * (Math.min(posted, payments / 2) + later * Math.max(0, posted - payments / 2));
    return {
      ...{ atMs: 1_000 * i, requested: payments, scored: Math.min(payments, posted * 2), decided: posted, posted },
      ...{ refused: 0, expired: 0, cpuMicros: { routing: micros, postgres: posted * 50 } },
      ...{ memoryBytes: { routing: (100 + i) * mebibyte, postgres: 50 * mebibyte } },
      ...{ postgresBytes: posted * mebibyte, writeAheadLogBytes: 0, redisBytes: 7 * mebibyte },
    };
  });

describe('growth of a run', () => {
  it('shows in which tenth and in which process cost grew', () => {
    const { cpuMicrosByTenth } = growthOf(run(1_000, 3), 1_000);
    expect(cpuMicrosByTenth['routing']).toEqual([100, 100, 100, 100, 100, 300, 300, 300, 300, 300]);
    expect(cpuMicrosByTenth['postgres']).toEqual(Array.from({ length: 10 }, () => 50));
    expect(cpuMicrosByTenth['total']?.at(-1)).toBe(350);
  });

  it('adds up to the whole cost, wherever samples lie', () => {
    const samples = run(1_000, 2).filter((_, i) => i % 7 === 0 || i === 100);
    const { cpuMicrosByTenth } = growthOf(samples, 1_000);
    const mean = (cpuMicrosByTenth['total'] ?? []).reduce((sum, each) => sum + each / 10, 0);
    expect(mean).toBeCloseTo(200, 0);
  });

  it('tells what waits before each stage and what is stored', () => {
    const { lagByTenth, postgresMiBByTenth, memoryMiBByTenth } = growthOf(run(1_000, 1), 1_000);
    expect(lagByTenth['risk-scoring'].slice(0, 6)).toEqual([800, 600, 400, 200, 0, 0]);
    expect(lagByTenth['acquirer-routing'][0]).toBe(100);
    expect(lagByTenth.settlement[4]).toBe(0);
    expect(postgresMiBByTenth[9]).toBe(1_000);
    expect(memoryMiBByTenth['routing']?.[0]).toBe(110);
  });
});

describe('rates over time', () => {
  it('are those between samples at least a window apart', () => {
    const points = ratesOverTime(run(100, 1), 'posted', 2);
    expect(points[0]).toEqual({ seconds: 1, perSecond: 10 });
    expect(points).toHaveLength(5);
  });

  it('are none of a run without samples', () => {
    expect(ratesOverTime([], 'posted', 1)).toEqual([]);
  });
});
