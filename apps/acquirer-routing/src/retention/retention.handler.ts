import type { Clock } from '@fourway/kernel';
import type { Database } from '@fourway/platform-postgres';
import { dayPartitions, plain, type DayPartition, type PartitionedTable, type Run } from './days.ts';
import { dropPartition, PartitionBusyError } from './drop-partition.ts';
import type { KeptDays, RetentionHorizons } from './horizons.ts';
import { ensureIdPartitions } from './id-partitions.ts';
import { openWorkOf, type OpenWork } from './open-work.ts';
import { purgeRows, type PurgedTable } from './purge-rows.ts';

export interface RetentionOptions {
  readonly clock: Clock;
  readonly horizons: Pick<RetentionHorizons, 'claimHorizonDays'>;
  readonly kept: KeptDays;
  /** Connections of retention's own: its statements take longer than the path's. Closed at the end of a run. */
  readonly openDatabase: () => Database;
  readonly onDropped: (partition: DayPartition) => void;
  readonly onPurged: (table: PurgedTable, rows: number) => void;
  /** Days past their horizon that stay, and why; told at the end of every run. */
  readonly onKept: (kept: readonly KeptDay[]) => void;
}

export interface KeptDay extends DayPartition {
  readonly why: OpenWork | 'in_use';
}

const dayMs = 86_400_000;
/** Any numbers: the same in every replica, so that one works while the others pass. */
const retentionLock = [4_700_147, 2] as const;

/** Makes the days to come and forgets those past their horizon, in one replica at a time and beside traffic. */
export class Retention {
  readonly #options: RetentionOptions;

  constructor(options: RetentionOptions) {
    this.#options = options;
  }

  /** False where another replica is at it. */
  async run(): Promise<boolean> {
    const database = this.#options.openDatabase();
    try {
      return await database.session((run) => this.#runLocked(run));
    } finally {
      await database.close();
    }
  }

  async #runLocked(run: Run): Promise<boolean> {
    const [row] = await run(plain('select pg_try_advisory_lock($1, $2)', retentionLock));
    if (row?.[0] !== 't') return false;
    await ensureIdPartitions({ query: run }, this.#options.horizons);
    await this.#dropDays(run);
    const purged = await purgeRows(this.#firstKeptDay('outcome'), run);
    for (const [table, rows] of purged) if (rows > 0) this.#options.onPurged(table, rows);
    return true;
  }

  async #dropDays(run: Run): Promise<void> {
    const kept: KeptDay[] = [];
    const due = (await dayPartitions(run)).filter(({ table, day }) => day < this.#firstKeptDay(table));
    for (const partition of begunFirst(due)) {
      const why = heldBy(kept, partition) ?? (await this.#drop(partition, run));
      if (why !== null) kept.push({ ...partition, why });
    }
    this.#options.onKept(kept);
  }

  /** Why it could not be dropped; null when it was. */
  async #drop(partition: DayPartition, run: Run): Promise<KeptDay['why'] | null> {
    // What was detached before is read by nobody any more.
    const work = partition.state === 'attached' ? await openWorkOf(partition, run) : null;
    if (work !== null) return work;
    try {
      await dropPartition(partition, run);
    } catch (error) {
      if (error instanceof PartitionBusyError) return 'in_use';
      throw error;
    }
    this.#options.onDropped(partition);
    return null;
  }

  /** `YYYY-MM-DD`; a day goes when all of it is past. */
  #firstKeptDay(table: PartitionedTable): string {
    const { clock, kept } = this.#options;
    const days = table === 'claim' ? kept.claims : kept.outcomes;
    return new Date(clock.nowMs() - days * dayMs).toISOString().slice(0, 10);
  }
}

/** Of each table only one partition can be detaching: the one that was interrupted goes before all others. */
const begunFirst = (due: readonly DayPartition[]): DayPartition[] => [
  ...due.filter(({ state }) => state === 'detaching'),
  ...due.filter(({ state }) => state !== 'detaching'),
];

/** What stays keeps others: totals go with the outcomes they are made of, and a table that is in use has no second try in a run. */
const heldBy = (kept: readonly KeptDay[], { table, day }: DayPartition): KeptDay['why'] | null =>
  kept.find(
    (other) =>
      (other.table === table && other.why === 'in_use') ||
      (table === 'payment_totals' && other.table === 'outcome' && other.day === day),
  )?.why ?? null;
