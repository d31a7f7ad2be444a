import { arrayColumn, arrayParameters, type ArrayColumn } from '@fourway/platform-postgres';
import type { FactToPost } from './posting.repository.ts';

/** The fact's columns, each sent as one array. */
const columns: readonly ArrayColumn<FactToPost>[] = [
  arrayColumn('operation_id', 'uuid', ({ fact }) => fact.operationId),
  arrayColumn('merchant_id', 'bigint', ({ fact }) => fact.merchantId),
  arrayColumn('gross', 'bigint', ({ fact }) => fact.grossMinor),
  arrayColumn('mdr', 'bigint', ({ fact }) => fact.fees.mdrMinor),
  arrayColumn('issuer_fee', 'bigint', ({ fact }) => fact.fees.issuerFeeMinor),
  arrayColumn('network_fee_issuer', 'bigint', ({ fact }) => fact.fees.networkFeeIssuerMinor),
  arrayColumn('network_fee_acquirer', 'bigint', ({ fact }) => fact.fees.networkFeeAcquirerMinor),
  arrayColumn('acquirer_margin', 'bigint', ({ fact }) => fact.fees.acquirerMarginMinor),
  arrayColumn('provider_share', 'bigint', ({ fact }) => fact.fees.providerShareMinor),
  arrayColumn('agent_share', 'bigint', ({ fact }) => fact.fees.agentShareMinor),
  arrayColumn('business_date', 'date', ({ fact }) => fact.businessDate),
  arrayColumn('cycle', 'date', ({ cycle }) => cycle),
  arrayColumn('acquirer_id', 'int', ({ fact }) => Number(fact.acquirerId)),
  arrayColumn('issuer_id', 'int', ({ fact }) => Number(fact.issuerId)),
  arrayColumn('fee_terms_id', 'int', ({ fact }) => fact.feeTermsId),
  arrayColumn('slot', 'smallint', ({ slot }) => slot),
  arrayColumn('card_type', '"char"', ({ fact }) => (fact.cardType === 'debit' ? 'D' : 'C')),
  arrayColumn('currency', 'text', ({ fact }) => fact.currency),
];
const names = columns.map(({ name }) => name).join(', ');
const firstFactParameter = 5;
const firstMarkParameter = firstFactParameter + columns.length;

/** A reader's next offset, compared and set; with marks also the date that has ended in the partition. */
const movedCte = `moved as (
    update cursor c set next_offset = e.goes_to from expected e
    where c.topic = $1 and c.partition = e.partition and c.next_offset = e.at returning c.partition
  )`;
const [closes, dates, partitions, sources] = [0, 1, 2, 3].map((i) => `$${firstMarkParameter + i}`);
const movedAndMarkedCtes = `closing as (
    select * from unnest($2::smallint[], ${closes}::date[]) as k(partition, through)
  ), moved as (
    update cursor c set next_offset = e.goes_to, closed_through = coalesce(k.through, c.closed_through)
    from expected e join closing k using (partition)
    where c.topic = $1 and c.partition = e.partition and c.next_offset = e.at returning c.partition
  ), marked as (
    insert into cut_mark (business_date, partition, source_partition)
    select * from unnest(${dates}::date[], ${partitions}::smallint[], ${sources}::smallint[]) on conflict do nothing
  )`;

/**
 * One statement, so one transaction in one round trip. Balances move by the legs of the rows that were really inserted and of nothing
 * else, and the database computes them: each of those rows passed `fact_sums_to_zero`, so what is added to the balances sums to zero.
 * Legs are summed before they are legs, one pass a party: the view `leg` says the same a fact at a time, and the checker compares.
 */
const statementOf = ({ moved, onConflict }: { moved: string; onConflict: string }): string => `
  with expected as (
    select * from unnest($2::smallint[], $3::bigint[], $4::bigint[]) as e(partition, at, goes_to)
  ), ${moved}, fence as (
    select refuse_stale_cursor((select count(*) from expected), (select count(*) from moved)) as holds
  ), posted as (
    insert into fact (${names})
    select ${names} from unnest(${arrayParameters(columns, firstFactParameter)}) as f(${names})
    where (select holds from fence)
    ${onConflict}
    returning *
  ), acquirer as (
    select acquirer_id, cycle, slot, currency, sum_minor(acquirer_margin) as margin,
      sum_minor(gross - issuer_fee - network_fee_acquirer) as gets
    from posted group by acquirer_id, cycle, slot, currency
  ), contract as (
    select fee_terms_id, cycle, slot, currency, sum_minor(provider_share) as provider, sum_minor(agent_share) as agent
    from posted group by fee_terms_id, cycle, slot, currency
  ), network as (
    select cycle, slot, currency, sum_minor(network_fee_issuer) as from_issuer, sum_minor(network_fee_acquirer) as from_acquirer
    from posted group by cycle, slot, currency
  ), delta (owner_id, purpose, amount, cycle, slot, currency) as (
    select issuer_id::bigint, 1::smallint, sum_minor(issuer_fee - gross - network_fee_issuer), cycle, slot, currency
      from posted group by issuer_id, cycle, slot, currency
    union all
    select merchant_id, 2, sum_minor(gross - mdr), cycle, slot, currency from posted group by merchant_id, cycle, slot, currency
    union all
    select fee_terms_id, 3, provider, cycle, slot, currency from contract
    union all
    select fee_terms_id, 4, agent, cycle, slot, currency from contract
    union all
    select acquirer_id, 5, margin, cycle, slot, currency from acquirer
    union all
    select 0, 6, from_issuer, cycle, slot, currency from network
    union all
    select 0, 7, from_acquirer, cycle, slot, currency from network
    union all
    select acquirer_id, 8, gets, cycle, slot, currency from acquirer
    union all
    select acquirer_id, 9, -gets, cycle, slot, currency from acquirer
  ), applied as (
    insert into balance as b (owner_id, purpose, amount, cycle, slot, currency)
    select * from delta where amount <> 0 order by owner_id, purpose, cycle, slot, currency
    on conflict (owner_id, cycle, purpose, slot, currency) do update set amount = b.amount + excluded.amount
  )
  select count(*) from posted`;

/** Facts that are there already change nothing. */
const onConflict = 'on conflict (operation_id) do nothing';

export const postStatementText = statementOf({ moved: movedCte, onConflict });

/** Fails as a whole where a fact is there already. */
export const postNewStatementText = statementOf({ moved: movedCte, onConflict: '' });

/** For batches with cut marks: a handful a day. */
export const postWithMarksText = statementOf({ moved: movedAndMarkedCtes, onConflict });

/** One array a column, in the order of the statement's parameters. */
export const factArrays = (facts: readonly FactToPost[]): Buffer[] => columns.map(({ arrayOf }) => arrayOf(facts));
