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
  ['acquirer_id', 'int', ({ fact }) => fact.acquirerId],
  ['issuer_id', 'int', ({ fact }) => fact.issuerId],
  ['fee_terms_id', 'int', ({ fact }) => fact.feeTermsId],
  ['slot', 'smallint', ({ slot }) => slot],
  ['card_type', '"char"', ({ fact }) => (fact.cardType === 'debit' ? 'D' : 'C')],
  ['currency', 'text', ({ fact }) => fact.currency],
];
const names = columns.map(([name]) => name).join(', ');
const firstFactParameter = 5;

/**
 * One statement, so one transaction in one round trip. Balances move by the legs of the rows that were really inserted and of nothing
 * else, and the database computes them: each of those rows passed `fact_sums_to_zero`, so what is added to the balances sums to zero.
 */
export const postStatementText = `
  with expected as (
    select * from unnest($2::smallint[], $3::bigint[], $4::bigint[]) as e(partition, at, goes_to)
  ), moved as (
    update cursor c set next_offset = e.goes_to from expected e
    where c.topic = $1 and c.partition = e.partition and c.next_offset = e.at returning c.partition
  ), fence as (
    select refuse_stale_cursor((select count(*) from expected), (select count(*) from moved)) as holds
  ), posted as (
    insert into fact (${names})
    select ${names} from unnest(${columns.map(([, type], i) => `$${firstFactParameter + i}::${type}[]`).join(', ')}) as f(${names})
    where (select holds from fence)
    on conflict (operation_id) do nothing
    returning *
  ), delta as (
    select l.owner_id, l.purpose, p.slot, p.currency, sum(l.amount)::bigint as amount
    from posted p cross join lateral legs_of(p.merchant_id, p.acquirer_id, p.issuer_id, p.fee_terms_id, p.gross, p.mdr, p.issuer_fee,
      p.network_fee_issuer, p.network_fee_acquirer, p.acquirer_margin, p.provider_share, p.agent_share) l
    group by l.owner_id, l.purpose, p.slot, p.currency
    order by l.owner_id, l.purpose, p.slot, p.currency
  ), applied as (
    insert into balance as b (owner_id, purpose, slot, currency, amount)
    select owner_id, purpose, slot, currency, amount from delta
    on conflict (owner_id, purpose, slot, currency) do update set amount = b.amount + excluded.amount
  )
  select count(*) from posted`;

/** The values are digits, dates, uuids and letters that were checked before, so the array literal needs no quoting, and costs little. */
export const factArrays = (facts: readonly FactToPost[]): string[] =>
  columns.map(([, , read]) => `{${facts.map(read).join(',')}}`);
