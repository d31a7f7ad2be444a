import { describe, expect, it } from '@jest/globals';
import { uuidV7 } from '@fourway/kernel';
import fc from 'fast-check';
import { quotaWindowMs, salesInWindow } from './offered-sales.ts';
import { PartitionGate, type Load, type LoadPolicy, type LoadVerdict, type OfferedPayment } from './partition-gate.ts';

// Give FOURWAY_SEED to run a seed again.
const seed = Number(process.env['FOURWAY_SEED'] ?? Date.now() % 1_000_000_007);
const property = { seed, numRuns: 500 };

// The beginning of a window.
const t0 = 356_000_000 * quotaWindowMs;
const calm: Load = { nowMs: t0, isPathBehind: false };
const policy: LoadPolicy = { quotas: new Map([['flood', 1]]), partitions: 8, shedAfterMs: null };
const limit = salesInWindow(1, 8);
const shedding: LoadPolicy = { ...policy, quotas: new Map(), shedAfterMs: 3_000 };
const fromStart = { logEnd: 0n, atMs: t0 - 3_600_000 };

const idOf = (number: number, atMs = t0): string => {
  const random = Buffer.alloc(10);
  random.writeUInt32BE(number, 6);
  return uuidV7(atMs, random);
};
const sale = (offset: number, changes: Partial<OfferedPayment> = {}): OfferedPayment => ({
  ...{ operationId: idOf(offset), upstreamId: 'flood', offset: BigInt(offset), recordedAtMs: t0 },
  ...changes,
});
const sales = (count: number, changes: Partial<OfferedPayment> = {}): OfferedPayment[] =>
  Array.from({ length: count }, (_, offset) => sale(offset, changes));
const judgeAll = (gate: PartitionGate, payments: readonly OfferedPayment[], load = calm): LoadVerdict[] =>
  payments.map((payment) => gate.judge(payment, load));

describe('the quota of an upstream', () => {
  it('costs it the excess of a window and nothing else, and nobody else anything', () => {
    const gate = new PartitionGate(policy, fromStart);
    const verdicts = judgeAll(gate, sales(5 * limit));
    expect(verdicts.slice(0, limit)).toEqual(Array.from({ length: limit }, () => 'admit'));
    expect(new Set(verdicts.slice(limit))).toEqual(new Set(['quota_exceeded']));
    expect(gate.judge(sale(1_000, { upstreamId: 'other' }), calm)).toBe('admit');
  });

  it('is whole again in the next window, for what was refused before too', () => {
    const gate = new PartitionGate(policy, fromStart);
    const first = sales(limit + 1);
    expect(judgeAll(gate, first).at(-1)).toBe('quota_exceeded');
    const again = sale(100, { operationId: idOf(limit), recordedAtMs: t0 + quotaWindowMs });
    expect(gate.judge(again, calm)).toBe('admit');
  });

  it('leaves an upstream alone that keeps to it, over partitions that get uneven parts', () => {
    expect(salesInWindow(500, 8)).toBe(348);
    expect(salesInWindow(1, 8)).toBe(3);
  });

  it('counts the copies of a payment, and lets them through', () => {
    const gate = new PartitionGate(policy, fromStart);
    const copies = Array.from({ length: limit + 2 }, (_, offset) => sale(offset, { operationId: idOf(0) }));
    expect(new Set(judgeAll(gate, copies))).toEqual(new Set(['admit']));
    expect(gate.judge(sale(50), calm)).toBe('quota_exceeded');
  });
});

describe('an overloaded switch', () => {
  const late: Load = { nowMs: t0 + 3_001, isPathBehind: false };

  it('refuses new payments that have waited for too long, and those only', () => {
    const gate = new PartitionGate(shedding, fromStart);
    expect(gate.judge(sale(1), late)).toBe('overloaded');
    expect(gate.judge(sale(2, { recordedAtMs: t0 + 1 }), late)).toBe('admit');
  });

  it('refuses every new payment while those let through wait too long further down', () => {
    const gate = new PartitionGate(shedding, fromStart);
    expect(gate.judge(sale(1), { ...calm, isPathBehind: true })).toBe('overloaded');
    expect(gate.judge(sale(2), calm)).toBe('admit');
  });

  it('lets a backlog through that was there when the partition was taken over', () => {
    const gate = new PartitionGate(shedding, { logEnd: 2n, atMs: t0 + 60_000 });
    expect(judgeAll(gate, sales(3), { nowMs: t0 + 600_000, isPathBehind: true })).toEqual([
      ...['admit', 'admit'],
      // Made before the takeover: the predecessor may have let another copy through.
      'admit',
    ]);
    const since = sale(3, { operationId: idOf(3, t0 + 60_001), recordedAtMs: t0 + 60_001 });
    expect(gate.judge(since, { nowMs: t0 + 600_000, isPathBehind: true })).toBe('overloaded');
  });

  it('is never told so where it is not to shed', () => {
    const gate = new PartitionGate(policy, fromStart);
    expect(gate.judge(sale(1, { upstreamId: 'other' }), { nowMs: t0 + 86_400_000, isPathBehind: true })).toBe('admit');
  });
});

describe('a batch that comes again in the same process', () => {
  it('is told the same, however late it has become', () => {
    const gate = new PartitionGate({ ...shedding, quotas: policy.quotas }, fromStart);
    const batch = sales(limit + 2);
    const first = judgeAll(gate, batch);
    expect(judgeAll(gate, batch, { nowMs: t0 + 60_000, isPathBehind: true })).toEqual(first);
    expect(first.filter((verdict) => verdict === 'admit')).toHaveLength(limit);
  });
});

/** A log of one partition: few operations, so that many records are copies; time that stands still, jumps and goes back. */
const log: fc.Arbitrary<OfferedPayment[]> = fc
  .array(
    fc.record({
      operation: fc.integer({ min: 0, max: 15 }),
      upstreamId: fc.constantFrom('flood', 'flood', 'flood', 'other'),
      // Mostly within a window, which holds few: so that the quota is used up again and again.
      stepMs: fc.oneof(
        { weight: 20, arbitrary: fc.constantFrom(0, 3) },
        { weight: 3, arbitrary: fc.constantFrom(900, 4_000, -3_000, -6_000) },
        { weight: 1, arbitrary: fc.constant(70_000) },
      ),
    }),
    { minLength: 1, maxLength: 120 },
  )
  .map((drafts) => {
    let recordedAtMs = t0;
    const madeAtMs = new Map<number, number>();
    return drafts.map(({ operation, upstreamId, stepMs }, offset) => {
      recordedAtMs += stepMs;
      const made = madeAtMs.get(operation) ?? recordedAtMs - 1;
      madeAtMs.set(operation, made);
      return { operationId: idOf(operation, made), upstreamId, offset: BigInt(offset), recordedAtMs };
    });
  });

describe('whoever takes a partition over (properties)', () => {
  it('refuses no record that the one before let through, wherever he begins and whatever the load', () => {
    fc.assert(
      fc.property(log, fc.nat(), fc.array(fc.boolean(), { minLength: 1 }), (records, cut, behind) => {
        const both = { ...shedding, quotas: policy.quotas };
        const from = cut % records.length;
        const before = judgeAll(new PartitionGate(both, fromStart), records);
        // By a clock that is not behind those of the upstreams, whatever the broker's did.
        const atMs = Math.max(...records.slice(0, from + 1).map(({ recordedAtMs }) => recordedAtMs)) + 1;
        const takenOver = { logEnd: BigInt(records.length), atMs };
        const after = new PartitionGate(both, takenOver);
        for (const [index, record] of records.entries()) {
          if (index < from) continue;
          const load = { nowMs: record.recordedAtMs + 60_000, isPathBehind: behind[index % behind.length] ?? false };
          const verdict = after.judge(record, load);
          if (before[index] === 'admit') expect(verdict).toBe('admit');
        }
      }),
      property,
    );
  });

  it('lets through in each window what a naive count lets through, and copies of that', () => {
    fc.assert(
      fc.property(log, (records) => {
        const verdicts = judgeAll(new PartitionGate(policy, fromStart), records);
        const counts = new Map<number, number>();
        let window = 0;
        records.forEach(({ upstreamId, recordedAtMs, operationId }, index) => {
          if (upstreamId !== 'flood') return expect(verdicts[index]).toBe('admit');
          window = Math.max(window, Math.floor(recordedAtMs / quotaWindowMs));
          const count = (counts.get(window) ?? 0) + 1;
          counts.set(window, count);
          const isCopy = records.some((other, at) => at < index && other.operationId === operationId);
          if (count <= limit) expect(verdicts[index]).toBe('admit');
          else if (!isCopy) expect(verdicts[index]).toBe('quota_exceeded');
        });
      }),
      property,
    );
  });
});
