import { hottestShare, postgresShare } from './clusters.ts';
import type { MeasuredCosts } from './costs.ts';

/** A constant of the design, and where it ends. */
export interface Limit {
  readonly constant: string;
  /** Payments a second at which it is fully used. */
  readonly perSecond: number;
  readonly because: string;
}

const partitions = 8;
/** Records a posting transaction, and what it waits for the disk, milliseconds. */
const posting = { records: 4_000, commitMs: 5 } as const;
const fsyncsASecond = 400;
const recordsAStatement = 2_000;
/** What balances are of a posting (docs/performance.md). */
const balanceShare = 0.5;
/** Rows locked one after the other: what a transaction holds a balance row for, milliseconds. */
const lockedMs = posting.commitMs + 3;

/** Where today's constants end, the narrowest first: each by itself, the rest being wide enough. */
export function limitsOf({ cpuMicros }: MeasuredCosts): Limit[] {
  const rateOf = (micros: number): number => Math.round(1_000_000 / micros);
  const postingMicros =
    cpuMicros.settlement + cpuMicros.postgres * postgresShare.fact + (posting.commitMs * 1_000) / posting.records;
  const limits: Limit[] = [
    {
      ...{ constant: 'one Redis node', perSecond: rateOf(cpuMicros.redis) },
      because: `its one thread works ${cpuMicros.redis} µs a payment; keys are tagged, so nodes can be added`,
    },
    {
      ...{
        constant: '8 partitions: at most 8 replicas of acquirer-routing',
        perSecond: partitions * rateOf(cpuMicros['acquirer-routing']),
      },
      because: `a replica's thread works ${cpuMicros['acquirer-routing']} µs a payment, and a partition has one reader`,
    },
    {
      ...{
        constant: '8 partitions: at most 8 replicas of risk-scoring',
        perSecond: partitions * rateOf(cpuMicros['risk-scoring']),
      },
      because: `${cpuMicros['risk-scoring']} µs a payment`,
    },
    {
      ...{
        constant: 'one posting transaction a partition, at 8 partitions',
        perSecond: Math.round((partitions * 1_000_000) / postingMicros),
      },
      because: `${postingMicros.toFixed(1)} µs a fact with its statement and its share of a commit`,
    },
    {
      ...{
        constant: `the hottest merchant's partition (${hottestShare * 100} % of payments)`,
        perSecond: Math.round(rateOf(postingMicros) / (hottestShare + (1 - hottestShare) / partitions)),
      },
      because: 'its payments and an eighth of all others are posted by one transaction after the other',
    },
    {
      ...{ constant: 'one Postgres of 8 cores', perSecond: Math.round(8 * rateOf(cpuMicros.postgres)) },
      because: `${cpuMicros.postgres} µs a payment over claim, outcome and fact`,
    },
    {
      ...{
        constant: `${fsyncsASecond} fsyncs a second`,
        perSecond: Math.round((fsyncsASecond * recordsAStatement) / 3),
      },
      because: 'three commits a batch of 2,000; batches fill up as the rate grows, so this moves away',
    },
    {
      ...{
        constant: 'one row a shared account (network, issuers, acquirers)',
        perSecond: Math.round((posting.records * 1_000) / lockedMs),
      },
      because: `replicas have slots of their own; were it one row, transactions of ${posting.records} facts would follow one another every ${lockedMs} ms`,
    },
    {
      ...{
        constant: "cursor's compare-and-set",
        perSecond: Math.round((partitions * posting.records * 1_000) / lockedMs),
      },
      because: `one update a transaction and partition; balances are ${balanceShare * 100} % of a posting and come first`,
    },
  ];
  return limits.toSorted((a, b) => a.perSecond - b.perSecond);
}

/** Days that rows are kept, by table; nothing drops facts yet, so theirs is what outcomes have. */
const keptDays: Readonly<Record<string, number>> = {
  'routing.claim': 35,
  'routing.outcome': 400,
  'settlement.fact': 400,
};

export interface StorageNeed {
  readonly table: string;
  readonly gigabytesADay: number;
  readonly terabytesKept: number;
}

/** What a day's rows and all that are kept take, indexes included. */
export function storageOf({ bytesByTable }: MeasuredCosts, paymentsADay: number): StorageNeed[] {
  return Object.entries(bytesByTable).map(([table, bytes]) => ({
    table,
    gigabytesADay: Math.round((bytes * paymentsADay) / 1e9),
    terabytesKept: Math.round((bytes * paymentsADay * (keptDays[table] ?? 400)) / 1e12),
  }));
}
