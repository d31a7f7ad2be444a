/** What is there to be compared of a day: a table that is not there is not held against the others. */
export interface SweptTables {
  /** False where the claims of the day are past their horizon and dropped. */
  readonly withClaims: boolean;
  /** False where settlement has no tables. */
  readonly withFacts: boolean;
}

const inSlice = 'operation_id >= $1::uuid and operation_id < $2::uuid';
const none = (columns: string): string => `select ${columns} limit 0`;

const claims = ({ withClaims }: SweptTables): string =>
  withClaims
    ? `select operation_id, claimed_at from routing.claim where ${inSlice}`
    : none('null::uuid as operation_id, null::timestamptz as claimed_at');
const facts = ({ withFacts }: SweptTables): string =>
  withFacts
    ? `select operation_id, gross, currency from settlement.fact where ${inSlice}`
    : none('null::uuid as operation_id, null::bigint as gross, null::text as currency');

/** The last id of a slice of at most $3 rows of each table; null where the rest of the day is one. */
export const sliceEndText = (tables: SweptTables): string => `
select least(${[
  ...(tables.withClaims ? ['routing.claim'] : []),
  'routing.outcome',
  ...(tables.withFacts ? ['settlement.fact'] : []),
]
  .map((table) => `(select operation_id from ${table} where ${inSlice} order by operation_id offset $3 limit 1)`)
  .join(', ')})`;

/**
 * One slice: its counts in the first row, then what is wrong, worst day or not no more than $5 rows. What settlement's stage does not post
 * is told by the outcome alone: an authorization, and what releases one.
 * $3 seconds a claim may be undecided, $4 an outcome unposted.
 */
export const compareText = (tables: SweptTables): string => `
with compared as (
  select coalesce(c.operation_id, o.operation_id, f.operation_id) as id, o.root_id,
    c.operation_id is not null as is_claimed, o.operation_id is not null as is_decided, f.operation_id is not null as is_posted,
    coalesce(c.claimed_at < now() - make_interval(secs => $3), false) as is_overdue,
    coalesce(o.decided_at < now() - make_interval(secs => $4), false) as is_settled,
    o.kind || ' ' || o.status as said,
    coalesce(o.status = 'approved' and o.kind <> 'authorize' and o.original_kind is distinct from 'authorize', false) as posts,
    case when o.kind in ('sale', 'capture') or o.original_kind = 'refund' then o.amount_minor else -o.amount_minor end as expected,
    o.currency::text as currency, f.gross, f.currency as posted_currency
  from (${claims(tables)}) c
    full join (select operation_id, root_id, kind, status, amount_minor, currency, original_kind, decided_at from routing.outcome where ${inSlice}) o using (operation_id)
    full join (${facts(tables)}) f using (operation_id)
), judged as (
  select *, case
      when is_posted and not is_decided then 'fact_without_outcome'
      when ${tables.withClaims} and is_decided and not is_claimed then 'unclaimed'
      when is_claimed and not is_decided then case when is_overdue and not exists (select from routing.parked p where p.operation_id = id) then 'undecided' end
      when is_posted and not posts then 'wrongly_posted'
      when is_posted and (gross <> expected or posted_currency is distinct from currency) then 'misposted'
      when ${tables.withFacts} and posts and is_settled and not is_posted then 'unposted'
    end as problem
  from compared
)
(select count(*) filter (where is_claimed)::text, count(*) filter (where is_decided)::text, count(*) filter (where is_posted)::text,
  count(problem)::text, null, null from judged)
union all
(select id::text, coalesce(root_id, id)::text, problem, said, expected || ' ' || currency, gross || ' ' || posted_currency
  from judged where problem is not null order by id limit $5)`;
