import type { CardTypeName, OperationKindName, Outcome, OutcomeStatusName } from '@fourway/contracts';
import { defined } from '@fourway/kernel';
import { arrayColumn, arrayParameters, type ArrayColumn, type Row } from '@fourway/platform-postgres';

/** An outcome before it is stored: Postgres' clock adds when it was decided and the business date. */
export type NewOutcome = Omit<Outcome, 'decidedAtMs' | 'businessDate'>;

/** An outcome as its row has it: what is published. */
export type StoredOutcome = Outcome;

/** The columns a statement fills, in order; the row mapper below reads them back in the same order. */
const columns: readonly ArrayColumn<NewOutcome>[] = [
  arrayColumn('operation_id', 'uuid', (o) => o.operationId),
  arrayColumn('root_id', 'uuid', (o) => (o.rootId === o.operationId ? null : o.rootId)),
  arrayColumn('merchant_id', 'bigint', (o) => o.merchantId),
  arrayColumn('amount_minor', 'bigint', (o) => o.amountMinor),
  arrayColumn('requested_at', 'timestamptz', (o) => o.requestedAtMs),
  arrayColumn('fee_contract_id', 'int', (o) => o.feeContractId),
  arrayColumn('sequence', 'smallint', (o) => o.sequence),
  arrayColumn('kind', 'text', (o) => o.kind),
  arrayColumn('status', 'text', (o) => o.status),
  arrayColumn('response_code', 'text', (o) => o.responseCode),
  arrayColumn('currency', 'text', (o) => o.currency),
  arrayColumn('acquirer_id', 'text', (o) => o.acquirerId),
  arrayColumn('issuer_id', 'text', (o) => o.issuerId),
  arrayColumn('card_type', 'text', (o) => o.cardType),
  arrayColumn('rrn', 'text', (o) => o.rrn),
  arrayColumn('auth_code', 'text', (o) => o.authCode),
  arrayColumn('terminal_id', 'text', (o) => o.terminalId),
  arrayColumn('scenario', 'text', (o) => o.scenario),
  arrayColumn('merchant_order_no', 'text', (o) => o.merchantOrderNo),
];

export const outcomeColumns: readonly string[] = columns.map(({ name }) => name);

/** `$7::uuid[], $8::uuid[], …`: the arguments of an unnest whose first parameter has number `first`. */
export const columnsOf = (first: number): string => arrayParameters(columns, first);

/** One array a column, in the order of `columnsOf`. */
export const outcomeValues = (outcomes: readonly NewOutcome[]): Buffer[] =>
  columns.map(({ arrayOf }) => arrayOf(outcomes));

/** The end of a statement that inserts all its rows or fails: the first row of `decisionAndMissing`. */
export const decision = 'select (extract(epoch from now()) * 1000)::bigint, business_date(now())';

/**
 * The end of a statement that inserts by `$1::uuid[]` and returns the ids it inserted in a CTE: one row with the time and business date
 * of the decision, then one row for each id that was there before. Mostly there is none: counting tells, and the
 * difference is not computed. It is hashed; an anti-join is planned as a loop in a loop, because Postgres takes an array for a hundred rows.
 */
export const decisionAndMissing = (cte: string): string => `
${decision}, null::uuid
union all
select null, null, missing.operation_id
from (select unnest($1::uuid[]) as operation_id except all select operation_id from ${cte}) missing
where (select count(*) from ${cte}) < cardinality($1::uuid[])`;

/** Reads the row of `decision`, which is the first one of `decisionAndMissing`. */
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
