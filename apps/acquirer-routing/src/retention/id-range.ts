/** The lowest and the highest of some ids. */
export type IdRange = readonly [lowest: string, highest: string];

/**
 * Where the ids of a look-up lie. A table of a partition a day is looked at one id at a time, and which partition that is comes out only
 * then: without their range Postgres opens the index of every day there is before the first look, four hundred of them for a few rows.
 * @param ids canonical UUIDs, at least one
 */
export function idRangeOf(ids: readonly string[]): IdRange {
  const [first = ''] = ids;
  let lowest = first;
  let highest = first;
  for (const id of ids) {
    if (id < lowest) lowest = id;
    if (id > highest) highest = id;
  }
  return [lowest, highest];
}

/** The condition on an id column, as parameters `first` and the one after it. */
export const withinIdRange = (column: string, first: number): string =>
  `${column} between $${first}::uuid and $${first + 1}::uuid`;
