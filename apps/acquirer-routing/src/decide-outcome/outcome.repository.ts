import { OptimisticInsert, type Row } from '@fourway/platform-postgres';
import type { AttemptKind } from '../acquirer-link/attempt-kind.ts';
import type { Queries } from '../engines.ts';
import {
  columnsOf,
  decision,
  decisionAndMissing,
  decisionOf,
  outcomeColumns,
  outcomeValues,
  type NewOutcome,
  type StoredOutcome,
} from './outcome-row.ts';

/** What a 0420 needs to name and undo an attempt. */
export interface NewReversal {
  readonly operationId: string;
  readonly attemptNo: number;
  readonly acquirerId: string;
  readonly rrn: string;
  readonly amountMinor: bigint;
  readonly currency: string;
  readonly cardToken: string;
  readonly merchantId: string;
  readonly terminalId: string;
  readonly mcc: string;
  readonly reason: string;
  readonly kind: AttemptKind;
}

export interface OutcomeToStore {
  readonly outcome: NewOutcome;
  /** Stored with the outcome where money may have moved; not stored where another outcome was there first. */
  readonly reversal: NewReversal | null;
}

export class OutcomeRepository {
  readonly #queries: Queries;
  readonly #optimistic = new OptimisticInsert();

  constructor(queries: Queries) {
    this.#queries = queries;
  }

  /** One statement: the first outcome of an operation is stored, reversals with it. Answers the outcomes it stored; the others lost. */
  async store(batch: readonly OutcomeToStore[]): Promise<Map<string, StoredOutcome>> {
    const [at, ...lostRows] = await this.#insert(batch);
    const decided = decisionOf(at);
    const lost = new Set(lostRows.map(([, , operationId]) => operationId));
    return new Map(
      batch.flatMap(({ outcome }) =>
        lost.has(outcome.operationId) ? [] : [[outcome.operationId, { ...outcome, ...decided }]],
      ),
    );
  }

  /** Most batches reverse nothing, and nobody was faster. */
  #insert(batch: readonly OutcomeToStore[]): Promise<Row[]> {
    const outcomes = batch.map(({ outcome }) => outcome);
    const reversals = batch.flatMap(({ reversal }) => (reversal === null ? [] : [reversal]));
    const values = outcomeValues(outcomes);
    if (reversals.length > 0)
      return this.#queries.query({
        name: 'store_outcomes_and_reversals',
        text: storeWithReversalsSql,
        values: [...values, ...reversalValues(reversals)],
      });
    return this.#optimistic.run(
      () => this.#queries.query({ name: 'store_outcomes_new', text: storeNewSql, values }),
      () => this.#queries.query({ name: 'store_outcomes', text: storeSql, values }),
    );
  }

  /** Stores reversals of approvals that came when another outcome was already stored. */
  async reverse(reversals: readonly NewReversal[]): Promise<void> {
    await this.#queries.query({
      name: 'reverse',
      text: `insert into reversal (${reversalColumns}) select * from unnest(${reversalTypes(1)}) on conflict do nothing`,
      values: reversalValues(reversals),
    });
  }
}

/** What a statement needs that stores reversals: columns, typed arrays to unnest from parameter `first` on, and their values. */
export const reversalColumns =
  'operation_id, attempt_no, acquirer_id, rrn, amount_minor, currency, card_token, merchant_id, terminal_id, mcc, reason, kind';
const reversalColumnTypes = [
  'uuid',
  'smallint',
  'text',
  'text',
  'bigint',
  'text',
  'text',
  'bigint',
  'text',
  'text',
  'text',
  'text',
];
export const reversalTypes = (first: number): string =>
  reversalColumnTypes.map((type, i) => `$${first + i}::${type}[]`).join(', ');

export const reversalValues = (reversals: readonly NewReversal[]): unknown[] => [
  reversals.map((r) => r.operationId),
  reversals.map((r) => r.attemptNo),
  reversals.map((r) => r.acquirerId),
  reversals.map((r) => r.rrn),
  reversals.map((r) => r.amountMinor.toString()),
  reversals.map((r) => r.currency),
  reversals.map((r) => r.cardToken),
  reversals.map((r) => r.merchantId),
  reversals.map((r) => r.terminalId),
  reversals.map((r) => r.mcc),
  reversals.map((r) => r.reason),
  reversals.map((r) => r.kind),
];

const insertOutcomes = `
  insert into outcome (${outcomeColumns.join(', ')}, business_date)
  select u.*, (select business_date(now())) from unnest(${columnsOf(1)}) u`;

const storeNewSql = `with stored as (${insertOutcomes}) ${decision}`;

const storeCte = `stored as (${insertOutcomes} on conflict do nothing returning operation_id)`;

const storeSql = `with ${storeCte} ${decisionAndMissing('stored')}`;

const storeWithReversalsSql = `
with ${storeCte}, given_back as (
  insert into reversal (${reversalColumns})
  select ${reversalColumns}
  from unnest(${reversalTypes(outcomeColumns.length + 1)}) r (${reversalColumns}) join stored using (operation_id)
  on conflict do nothing
) ${decisionAndMissing('stored')}`;
