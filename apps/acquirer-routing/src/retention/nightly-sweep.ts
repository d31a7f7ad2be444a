import type { Clock } from '@fourway/kernel';
import type { Database } from '@fourway/platform-postgres';
import { plain, type Run } from './days.ts';
import { sweepDay, type DaySweep } from './sweep-day.ts';

export interface NightlySweepOptions {
  readonly clock: Clock;
  /** Connections of the sweep's own: its statements take longer than the path's. Closed at the end of a run. */
  readonly openDatabase: () => Database;
  /** From a claim to the time when it must be decided or parked, milliseconds. */
  readonly undecidedAfterMs: number;
  readonly onSwept: (sweep: DaySweep) => void;
  /** The newest day that any replica swept; told at every run. */
  readonly onLatest: (latest: LatestSweep) => void;
}

export type LatestSweep = Pick<DaySweep, 'day' | 'undecided' | 'unclaimed'>;

const dayMs = 86_400_000;
/** A day is compared when it has been over for so long, so that what was under way at midnight is decided. */
const settleMs = 3_600_000;
/** Nights that a service may have been down for. */
const daysBack = 7;
const sweepLock = [4_700_147, 3] as const;

/** Compares claims with outcomes, each day once, in one replica; facts are another service's, and `fourway books sweep` compares those too. */
export class NightlySweep {
  readonly #options: NightlySweepOptions;

  constructor(options: NightlySweepOptions) {
    this.#options = options;
  }

  /** Sweeps the days that are due. */
  async run(): Promise<void> {
    const database = this.#options.openDatabase();
    try {
      await database.session(async (run) => {
        const [row] = await run(plain('select pg_try_advisory_lock($1, $2)', sweepLock));
        if (row?.[0] === 't') await this.#sweepDue(run);
        await this.#tellLatest(run);
      });
    } finally {
      await database.close();
    }
  }

  async #sweepDue(run: Run): Promise<void> {
    const { clock, onSwept, undecidedAfterMs } = this.#options;
    const over = clock.nowMs() - settleMs - dayMs;
    const days = Array.from({ length: daysBack }, (_, back) =>
      new Date(over - back * dayMs).toISOString().slice(0, 10),
    );
    const due = await run(
      plain('select day from unnest($1::date[]) u (day) where day not in (select day from swept_day) order by day', [
        days,
      ]),
    );
    for (const [day] of due) {
      const sweep = await sweepDay({ day: String(day), undecidedAfterMs, run });
      await run(
        plain(
          `insert into swept_day (day, claims, outcomes, undecided, unclaimed) values ($1, $2, $3, $4, $5) on conflict do nothing`,
          [...[sweep.day, sweep.claims, sweep.outcomes, sweep.undecided, sweep.unclaimed]],
        ),
      );
      onSwept(sweep);
    }
  }

  async #tellLatest(run: Run): Promise<void> {
    const [row] = await run(plain('select day, undecided, unclaimed from swept_day order by day desc limit 1'));
    if (row === undefined) return;
    const [day, undecided, unclaimed] = row;
    this.#options.onLatest({ day: String(day), undecided: Number(undecided), unclaimed: Number(unclaimed) });
  }
}
