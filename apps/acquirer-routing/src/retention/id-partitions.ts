import type { Queries } from '../engines.ts';

/** Ids are accepted this far back, days; an older one is refused before it comes here. */
const horizonDays = 36;
const aheadDays = 3;

/** Creates the day partitions that ids inside the horizon may need; safe in several replicas at once. */
export async function ensureIdPartitions(queries: Queries): Promise<number> {
  const [row] = await queries.query({
    name: 'ensure_id_partitions',
    text: `select case when pg_advisory_xact_lock(4700147, 1) is null then 0 else ensure_id_partitions($1, $2) end`,
    values: [horizonDays, aheadDays],
  });
  return Number(row?.[0] ?? 0);
}
