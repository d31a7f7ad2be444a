import { uuidV7Floor } from '@fourway/kernel';
import type { Database } from '@fourway/platform-postgres';

/** Guarantee G5, payment by payment: what the outcomes of its operations add up to, against the limits and against the row that guards them. */
export interface PaymentTotalsReport {
  /** Payments that have operations on them. */
  readonly payments: number;
  /** The first hundred that are not as they must be. */
  readonly faults: readonly string[];
}

/** Reads routing's outcomes and totals as they are; counts for itself, with none of routing's code. */
export async function checkPaymentTotals(database: Database): Promise<PaymentTotalsReport> {
  const [present] = await database.query({
    name: '',
    text: `select to_regclass('routing.payment_totals')`,
    values: [],
  });
  if (present?.[0] === null || present === undefined) return { payments: 0, faults: [] };
  const [counted] = await database.query({
    name: '',
    text: 'select count(*) from routing.payment_totals',
    values: [],
  });
  const values = [await oldestKeptRoot(database)];
  const rows = await database.query({ name: '', text: faultsText, values });
  rows.push(...(await database.query({ name: '', text: unreversedText, values })));
  if (await hasLedger(database)) rows.push(...(await database.query({ name: '', text: ledgerText, values: [] })));
  return {
    payments: Number(counted?.[0] ?? 0),
    faults: rows.map(([rootId, fault]) => `payment ${rootId}: ${fault}`),
  };
}

/** A payment whose root is past its horizon has operations that outlive it: nothing is counted on what is forgotten. */
async function oldestKeptRoot(database: Database): Promise<string> {
  const [row] = await database.query({
    name: '',
    text: `select to_char(min(to_date(right(c.relname, 8), 'YYYYMMDD')), 'YYYY-MM-DD') from pg_inherits i join pg_class c on c.oid = i.inhrelid
      where i.inhparent = to_regclass('routing.outcome')`,
    values: [],
  });
  return uuidV7Floor(typeof row?.[0] === 'string' ? Date.parse(row[0]) : 0);
}

async function hasLedger(database: Database): Promise<boolean> {
  const [row] = await database.query({ name: '', text: `select to_regclass('settlement.payment_fact')`, values: [] });
  return row?.[0] !== null && row !== undefined;
}

/** A reversal is approved because its 0420 is durable. */
const unreversedText = `
select o.root_id, format('reversal %s is approved, and nothing reverses what it names', o.operation_id)
from routing.outcome o
where o.kind = 'reversal' and o.status = 'approved' and coalesce(o.original_id, o.root_id) >= $1::uuid
  and not exists (select from routing.reversal r where r.operation_id = coalesce(o.original_id, o.root_id))
limit 100`;

/** What the ledger has posted of a payment is what is captured less what is refunded. */
const ledgerText = `
select t.root_id, format('captured %s, refunded %s; the ledger has %s', t.captured_minor, t.refunded_minor, posted.gross)
from routing.payment_totals t cross join lateral (
  select coalesce(sum(f.gross), 0) as gross from settlement.fact f
  where f.operation_id in (select t.root_id union all select p.operation_id from settlement.payment_fact p where p.root_id = t.root_id)
) posted
where posted.gross <> t.captured_minor - t.refunded_minor
order by t.root_id limit 100`;

/** One pass over the outcomes; what was undone by an approved void or reversal does not stand. */
const faultsText = `
with operation as (
  select root_id, operation_id, kind, status, amount_minor, sequence, original_id, original_kind
  from routing.outcome where root_id is not null and sequence > 0 and root_id >= $1::uuid
), undone as (
  select coalesce(original_id, root_id) as operation_id from operation where kind in ('void', 'reversal') and status = 'approved'
), standing as (
  select o.*, o.status = 'approved' and u.operation_id is null as stands
  from operation o left join (select distinct operation_id from undone) u using (operation_id)
), sums as (
  select root_id, count(*) as operations, max(sequence) as last, count(distinct sequence) as places,
    coalesce(sum(amount_minor) filter (where kind = 'capture' and stands), 0) as captures,
    coalesce(sum(amount_minor) filter (where kind = 'refund' and stands), 0) as refunds,
    count(*) filter (where kind in ('void', 'reversal') and status = 'approved' and original_id is null) as root_undone
  from standing group by root_id
), payment as (
  select coalesce(s.root_id, t.root_id) as root_id, s.operations, s.last, s.places, s.captures, s.refunds, s.root_undone, t.root_id is not null as has_totals,
    t.captured_minor, t.refunded_minor, t.sequence, t.in_flight, t.reserved_minor, r.kind, r.status,
    case when r.status = 'approved' then r.amount_minor else 0 end as authorized
  from sums s full join routing.payment_totals t on t.root_id = s.root_id
    left join routing.outcome r on r.operation_id = coalesce(s.root_id, t.root_id)
), judged as (
  select payment.*, captures + case when kind = 'sale' and root_undone = 0 then authorized else 0 end as captured
  from payment where operations is not null
)
select root_id, fault from (
  select root_id, case
    when kind is null then 'has operations and no root'
    when not has_totals then 'has operations and no totals'
    when places <> operations or last <> operations + 1 then format('sequence has a gap: %s operations, the last is no. %s', operations, last)
    when captured > authorized then format('captured %s of %s authorized', captured, authorized)
    when refunds > captured then format('refunded %s of %s captured', refunds, captured)
    when root_undone > 1 then format('undone %s times', root_undone)
    when captured <> captured_minor or refunds <> refunded_minor or last <> sequence
      then format('totals say captured %s, refunded %s, no. %s; outcomes %s, %s, %s', captured_minor, refunded_minor, sequence, captured, refunds, last)
    when in_flight is null and reserved_minor <> 0 then format('%s reserved for nothing', reserved_minor)
    when exists (select from routing.outcome o where o.operation_id = in_flight) then format('%s is decided and still in flight', in_flight)
  end as fault from judged
) checked where fault is not null order by root_id limit 100`;
