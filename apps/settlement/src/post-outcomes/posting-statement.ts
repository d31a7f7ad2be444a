import type { FactToPost } from './posting.repository.ts';

type Column = readonly [name: string, type: string, read: (toPost: FactToPost) => string | number | bigint];

/** The fact's columns, each sent as one array. */
const columns: readonly Column[] = [
  ['operation_id', 'uuid', ({ fact }) => fact.operationId],
  ['merchant_id', 'bigint', ({ fact }) => fact.merchantId],
  ['gross', 'bigint', ({ fact }) => fact.grossMinor],
  ['mdr', 'bigint', ({ fact }) => fact.fees.mdrMinor],
  ['issuer_fee', 'bigint', ({ fact }) => fact.fees.issuerFeeMinor],
  ['network_fee_issuer', 'bigint', ({ fact }) => fact.fees.networkFeeIssuerMinor],
  ['network_fee_acquirer', 'bigint', ({ fact }) => fact.fees.networkFeeAcquirerMinor],
  ['acquirer_margin', 'bigint', ({ fact }) => fact.fees.acquirerMarginMinor],
  ['provider_share', 'bigint', ({ fact }) => fact.fees.providerShareMinor],
  ['agent_share', 'bigint', ({ fact }) => fact.fees.agentShareMinor],
  ['business_date', 'date', ({ fact }) => fact.businessDate],
  ['cycle', 'date', ({ cycle }) => cycle],
  ['acquirer_id', 'int', ({ fact }) => fact.acquirerId],
  ['issuer_id', 'int', ({ fact }) => fact.issuerId],
  ['fee_terms_id', 'int', ({ fact }) => fact.feeTermsId],
  ['slot', 'smallint', ({ slot }) => slot],
  ['card_type', '"char"', ({ fact }) => (fact.cardType === 'debit' ? 'D' : 'C')],
  ['currency', 'text', ({ fact }) => fact.currency],
];
const names = columns.map(([name]) => name).join(', ');
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
const statementOf = (moved: string): string => `
  with expected as (
    select * from unnest($2::smallint[], $3::bigint[], $4::bigint[]) as e(partition, at, goes_to)
  ), ${moved}, fence as (
    select refuse_stale_cursor((select count(*) from expected), (select count(*) from moved)) as holds
  ), posted as (
    insert into fact (${names})
    select ${names} from unnest(${columns.map(([, type], i) => `$${firstFactParameter + i}::${type}[]`).join(', ')}) as f(${names})
    where (select holds from fence)
    on conflict (operation_id) do nothing
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

export const postStatementText = statementOf(movedCte);

/** For batches with cut marks: a handful a day. */
export const postWithMarksText = statementOf(movedAndMarkedCtes);

/** The values are digits, dates, uuids and letters that were checked before, so the array literal needs no quoting, and costs little. */
export const factArrays = (facts: readonly FactToPost[]): string[] =>
  columns.map(([, , read]) => `{${facts.map(read).join(',')}}`);
