import { defined } from '@fourway/kernel';
import type { Row } from '@fourway/platform-postgres';
import { plain, type Run } from './days.ts';

export interface DaySweepOptions {
  /** `YYYY-MM-DD`, UTC, of the operation ids. */
  readonly day: string;
  readonly undecidedAfterMs: number;
  readonly run: Run;
  /** Claims compared by one statement. Default 100,000. */
  readonly sliceRows?: number;
}

export interface DaySweep {
  readonly day: string;
  readonly claims: number;
  readonly outcomes: number;
  /** Claims older than their deadline with neither an outcome nor a parked row. */
  readonly undecided: number;
  /** Outcomes without a claim. */
  readonly unclaimed: number;
  /** The first ids of both kinds. */
  readonly examples: readonly string[];
}

const examplesAtMost = 10;

/** Compares a day slice by slice, in the order of its ids: a statement reads a slice, and nothing of it comes here but the counts. */
export async function sweepDay({
  day,
  undecidedAfterMs,
  run,
  sliceRows = 100_000,
}: DaySweepOptions): Promise<DaySweep> {
  let sum: DaySweep = { day, claims: 0, outcomes: 0, undecided: 0, unclaimed: 0, examples: [] };
  const [bounds] = await run(plain('select id_floor($1::date), id_floor($1::date + 1)', [day]));
  const end = String(bounds?.[1]);
  for (let from = String(bounds?.[0]); from < end;) {
    const [next] = await run(plain(nextSlice, [from, end, sliceRows]));
    const to = next?.[0] ?? end;
    const [counts] = await run(plain(compareSlice, [from, to, undecidedAfterMs / 1_000, examplesAtMost]));
    sum = sumOf(sum, defined(counts, 'counts of a slice'));
    from = to;
  }
  return sum;
}

function sumOf(sum: DaySweep, [claims, outcomes, undecided, unclaimed, ids]: Row): DaySweep {
  const examples = ids === null || ids === undefined || ids === '' ? [] : ids.split(',');
  return {
    day: sum.day,
    claims: sum.claims + Number(claims),
    outcomes: sum.outcomes + Number(outcomes),
    undecided: sum.undecided + Number(undecided),
    unclaimed: sum.unclaimed + Number(unclaimed),
    examples: [...sum.examples, ...examples].slice(0, examplesAtMost),
  };
}

const nextSlice = `select operation_id from claim where operation_id >= $1 and operation_id < $2 order by operation_id offset $3 limit 1`;

// Undecided and not parked once more by index: a payment may be parked or decided while the slice is read, and must not be reported.
const compareSlice = `
with compared as (
  select coalesce(c.operation_id, o.operation_id) as id, c.operation_id is not null as is_claimed, o.operation_id is not null as is_decided, c.claimed_at
  from (select operation_id, claimed_at from claim where operation_id >= $1 and operation_id < $2) c
    full join (select operation_id from outcome where operation_id >= $1 and operation_id < $2) o using (operation_id)
), judged as (
  select id, is_claimed, is_decided, is_decided and not is_claimed as is_unclaimed,
    not is_decided and claimed_at < now() - make_interval(secs => $3) and not exists (select from parked p where p.operation_id = id) as is_undecided
  from compared
)
select count(*) filter (where is_claimed), count(*) filter (where is_decided), count(*) filter (where is_undecided), count(*) filter (where is_unclaimed),
  array_to_string((array_agg(id order by id) filter (where is_undecided or is_unclaimed))[1:$4::int], ',')
from judged`;
