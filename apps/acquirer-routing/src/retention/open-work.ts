import { plain, type DayPartition, type Run } from './days.ts';

/** Why a day that is past its horizon stays. */
export type OpenWork = 'undecided_claims' | 'parked_records' | 'unacknowledged_reversals';

const range = `between id_floor($1::date) and id_floor($1::date + 1)`;

/**
 * A claim nobody has decided is money that may have moved: reading its record again finds out, if the claim is still there. Only that day's
 * partitions are read.
 */
const undecidedClaims = `select exists (
  select from claim c where c.operation_id ${range}
    and not exists (select from outcome o where o.operation_id = c.operation_id and o.operation_id ${range}))`;

/** What is parked needs its claim to be resolved, and what waits for its payment needs the root's outcome and totals. */
const parkedRecords = `select exists (select from parked where operation_id ${range}) or exists (select from parked where root_id ${range})`;

/** A reversal goes out from its own row. The outcome says what it was for, and somebody will ask. */
const unacknowledgedReversals = `select exists (select from reversal where operation_id ${range} and state = 'pending')`;

const checks: Readonly<Record<DayPartition['table'], readonly (readonly [OpenWork, string])[]>> = {
  claim: [
    ['parked_records', parkedRecords],
    ['undecided_claims', undecidedClaims],
  ],
  outcome: [
    ['parked_records', parkedRecords],
    ['unacknowledged_reversals', unacknowledgedReversals],
  ],
  payment_totals: [['parked_records', parkedRecords]],
};

/** The first open work that still needs the rows of the partition; null for none. */
export async function openWorkOf({ table, day }: DayPartition, run: Run): Promise<OpenWork | null> {
  for (const [work, text] of checks[table]) {
    const [row] = await run(plain(text, [day]));
    if (row?.[0] === 't') return work;
  }
  return null;
}
