import { defined } from '@fourway/kernel';
import type { Queries } from '../engines.ts';

/** A business date that has ended and whose marks are not all written. */
export interface OpenCut {
  /** `YYYY-MM-DD`. */
  readonly businessDate: string;
  /** Source partitions whose marks are in every outcomes partition. */
  readonly marked: ReadonlySet<number>;
  readonly ageSeconds: number;
}

/** The cuts: asked for by the calendar or an operator, and done when every source partition has marked them. */
export class CutRepository {
  readonly #queries: Queries;

  constructor(queries: Queries) {
    this.#queries = queries;
  }

  /** Ends the dates that the calendar has left behind. */
  async cutByCalendar(): Promise<void> {
    await this.#queries.query({ name: 'cut_by_calendar', text: 'select cut_by_calendar()', values: [] });
  }

  /** By date. */
  async open(): Promise<OpenCut[]> {
    const rows = await this.#queries.query({
      name: 'open_cuts',
      text: `select business_date, array_to_string(marked_partitions, ','), extract(epoch from now() - cut_at) from cut
        where completed_at is null order by business_date`,
      values: [],
    });
    return rows.map(([businessDate, marked, age]) => ({
      businessDate: defined(businessDate, 'business_date'),
      marked: new Set(marked === '' ? [] : defined(marked, 'marked_partitions').split(',').map(Number)),
      ageSeconds: Number(age),
    }));
  }

  /** Remembers marks that the broker has acknowledged; with the last one the cut is complete. */
  async recordMarks(businessDate: string, partitions: readonly number[], sourcePartitions: number): Promise<void> {
    await this.#queries.query({
      name: 'record_cut_marks',
      text: `update cut set marked_partitions = together, completed_at = case when cardinality(together) >= $3 then now() end
        from (select array(select distinct unnest(marked_partitions || $2::smallint[]) order by 1) as together, business_date as date
          from cut where business_date = $1 for update) locked
        where business_date = date and completed_at is null`,
      values: [businessDate, partitions, sourcePartitions],
    });
  }
}
