import type { CardTypeName, OperationKindName, Outcome, OutcomeStatusName } from '@fourway/contracts';
import { defined } from '@fourway/kernel';
import { arrayLiteral, type Row } from '@fourway/platform-postgres';

/** An outcome before it is stored: Postgres' clock adds when it was decided and the business date. */
export type NewOutcome = Omit<Outcome, 'decidedAtMs' | 'businessDate'>;

/** An outcome as its row has it: what is published. */
export type StoredOutcome = Outcome;

interface Column {
  readonly name: string;
  readonly type: string;
  readonly value: (outcome: NewOutcome) => string | number | null;
}

/** The columns a statement fills, in order; the row mapper below reads them back in the same order. */
const columns: readonly Column[] = [
  { name: 'operation_id', type: 'uuid', value: (o) => o.operationId },
  { name: 'root_id', type: 'uuid', value: (o) => (o.rootId === o.operationId ? null : o.rootId) },
  { name: 'merchant_id', type: 'bigint', value: (o) => o.merchantId },
  { name: 'amount_minor', type: 'bigint', value: (o) => o.amountMinor.toString() },
  { name: 'requested_at', type: 'timestamptz', value: (o) => new Date(o.requestedAtMs).toISOString() },
  { name: 'fee_contract_id', type: 'int', value: (o) => o.feeContractId },
  { name: 'sequence', type: 'smallint', value: (o) => o.sequence },
  { name: 'kind', type: 'text', value: (o) => o.kind },
  { name: 'status', type: 'text', value: (o) => o.status },
  { name: 'response_code', type: 'text', value: (o) => o.responseCode },
  { name: 'currency', type: 'text', value: (o) => o.currency },
  { name: 'acquirer_id', type: 'text', value: (o) => o.acquirerId },
  { name: 'issuer_id', type: 'text', value: (o) => o.issuerId },
  { name: 'card_type', type: 'text', value: (o) => o.cardType },
  { name: 'rrn', type: 'text', value: (o) => o.rrn },
  { name: 'auth_code', type: 'text', value: (o) => o.authCode },
  { name: 'terminal_id', type: 'text', value: (o) => o.terminalId },
  { name: 'scenario', type: 'text', value: (o) => o.scenario },
  { name: 'merchant_order_no', type: 'text', value: (o) => o.merchantOrderNo },
];

export const outcomeColumns: readonly string[] = columns.map(({ name }) => name);

/** `$7::uuid[], $8::uuid[], …`: the arguments of an unnest whose first parameter has number `first`. */
export const columnsOf = (first: number): string => columns.map(({ type }, i) => `$${first + i}::${type}[]`).join(', ');

/** One array a column, in the order of `columnsOf`. */
export const outcomeValues = (outcomes: readonly NewOutcome[]): string[] =>
  columns.map(({ value }) => arrayLiteral(outcomes.map(value)));

/**
 * The end of a statement that inserts by `$1::uuid[]` and returns the ids it inserted in a CTE: one row with the time and business date
 * of the decision, then one row for each id that was there before. Mostly there is none: counting tells, and the
 * difference is not computed. It is hashed; an anti-join is planned as a loop in a loop, because Postgres takes an array for a hundred rows.
 */
export const decisionAndMissing = (cte: string): string => `
select (extract(epoch from now()) * 1000)::bigint, business_date(now()), null::uuid
union all
select null, null, missing.operation_id
from (select unnest($1::uuid[]) as operation_id except all select operation_id from ${cte}) missing
where (select count(*) from ${cte}) < cardinality($1::uuid[])`;

/** Reads the first row of `decisionAndMissing`. */
export const decisionOf = (row: Row | undefined): Pick<StoredOutcome, 'decidedAtMs' | 'businessDate'> => ({
  decidedAtMs: Number(defined(row?.[0], 'decided_at')),
  businessDate: defined(row?.[1], 'business_date'),
});

/** Reads `outcomeColumns` (times as milliseconds), then decided_at in milliseconds, then business_date. */
export function outcomeOf(row: Row): StoredOutcome {
  const text = (index: number): string => defined(row[index], outcomeColumns[index] ?? 'outcome column');
  return {
    operationId: text(0),
    rootId: row[1] ?? text(0),
    merchantId: text(2),
    amountMinor: BigInt(text(3)),
    requestedAtMs: Number(text(4)),
    feeContractId: Number(text(5)),
    sequence: Number(text(6)),
    kind: text(7) as OperationKindName,
    status: text(8) as OutcomeStatusName,
    responseCode: text(9),
    currency: text(10),
    acquirerId: text(11),
    issuerId: text(12),
    cardType: text(13) as CardTypeName,
    rrn: text(14),
    authCode: text(15),
    terminalId: text(16),
    scenario: text(17),
    merchantOrderNo: text(18),
    decidedAtMs: Number(text(19)),
    businessDate: text(20),
  };
}
