import { defined } from '@fourway/kernel';
import type { Row, Statement } from '@fourway/platform-postgres';

/** Runs a statement on the one connection that holds the retention lock. */
export type Run = (statement: Statement) => Promise<Row[]>;

export const plain = (text: string, values: readonly unknown[] = []): Statement => ({ name: '', text, values });

/** In the order in which a day's go: totals are made of their root's outcome, so they must never be gone while that is there. */
export const partitionedTables = ['claim', 'outcome', 'payment_totals'] as const;
export type PartitionedTable = (typeof partitionedTables)[number];

/** One table's rows of one day (UTC) of their ids. */
export interface DayPartition {
  readonly table: PartitionedTable;
  /** The partition's own name, e.g. `claim_20261123`: letters, digits and underscores. */
  readonly name: string;
  /** `YYYY-MM-DD`. */
  readonly day: string;
  /** Detaching began and did not end; or ended, and the drop did not follow. */
  readonly state: 'attached' | 'detaching' | 'detached';
}

/** Every day partition there is, oldest day first. */
export async function dayPartitions(run: Run): Promise<DayPartition[]> {
  const rows = await run(
    plain(
      `select t.parent, c.relname, to_char(to_date(right(c.relname, 8), 'YYYYMMDD'), 'YYYY-MM-DD'),
        case when i.inhrelid is null then 'detached' when i.inhdetachpending then 'detaching' else 'attached' end
      from unnest($1::text[]) with ordinality t (parent, place)
      join pg_class c on c.relnamespace = current_schema()::regnamespace and c.relkind = 'r' and c.relname ~ ('^' || t.parent || '_\\d{8}$')
      left join pg_inherits i on i.inhrelid = c.oid
      order by right(c.relname, 8), t.place`,
      [partitionedTables],
    ),
  );
  return rows.map(([table, name, day, state]) => ({
    table: defined(table, 'parent') as PartitionedTable,
    name: defined(name, 'partition'),
    day: defined(day, 'day'),
    state: defined(state, 'state') as DayPartition['state'],
  }));
}
