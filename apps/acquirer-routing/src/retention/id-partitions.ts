import type { Queries } from '../engines.ts';
import type { RetentionHorizons } from './horizons.ts';

/** Clocks and a service that nobody restarts for a weekend. */
const aheadDays = 3;

/**
 * Creates the day partitions that ids inside the horizon may need; safe in several replicas at once, and traffic waits for none of it.
 * A day that is older is never made anew: its ids are refused.
 * @returns how many it made
 */
export async function ensureIdPartitions(
  queries: Queries,
  { claimHorizonDays }: Pick<RetentionHorizons, 'claimHorizonDays'>,
): Promise<number> {
  const [row] = await queries.query({
    name: 'ensure_id_partitions',
    text: `select case when pg_advisory_xact_lock(4700147, 1) is null then 0 else ensure_id_partitions($1, $2) end`,
    // The horizon may begin in the middle of a day.
    values: [claimHorizonDays + 1, aheadDays],
  });
  return Number(row?.[0] ?? 0);
}
