import { plain, type Run } from './days.ts';

const pageRows = 5_000;

/**
 * What is keyed by operation id and has no partitions. By row address, a page a statement, so that no lock is held for long.
 * A reversal without its 0430 stays, however old: it is money somebody owes.
 */
const purges = {
  reversal: `delete from reversal where ctid = any(array(
    select ctid from reversal where operation_id < id_floor($1::date) and state = 'acknowledged' limit ${pageRows})) returning 1`,
  merchant_order: `delete from merchant_order where ctid = any(array(
    select ctid from merchant_order where operation_id < id_floor($1::date) limit ${pageRows})) returning 1`,
  swept_day: `delete from swept_day where day < $1::date returning 1`,
} as const;

export type PurgedTable = keyof typeof purges;

/** Deletes rows of days before `day` (`YYYY-MM-DD`); how many of each table. */
export async function purgeRows(day: string, run: Run): Promise<ReadonlyMap<PurgedTable, number>> {
  const counts = new Map<PurgedTable, number>();
  for (const [table, text] of Object.entries(purges) as [PurgedTable, string][]) {
    let purged = 0;
    for (let page = pageRows; page === pageRows; purged += page) page = (await run(plain(text, [day]))).length;
    counts.set(table, purged);
  }
  return counts;
}
