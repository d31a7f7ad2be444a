import type { Database, Row } from '@fourway/platform-postgres';
import type { GatheredBooks } from './gathered-books.ts';

export const pageRows = 20_000;
const lowestId = '00000000-0000-0000-0000-000000000000';

/** Reads what acquirer-routing stored: outcomes, claims without one, and the reversals of the work list. */
export async function gatherOurBook(database: Database, books: GatheredBooks): Promise<void> {
  await eachPage(database, outcomesPage, (row) => {
    const [
      operationId = '',
      amount,
      currency = '',
      status = '',
      responseCode = '',
      acquirerId = '',
      rrn = '',
      kind = '',
    ] = texts(row);
    const amountMinor = BigInt(amount ?? '0');
    books.addOurs({ operationId, amountMinor, currency, status, responseCode, acquirerId, rrn, kind });
  });
  await eachPage(database, undecidedPage, (row) => books.addUndecided(texts(row)[0] ?? ''));
  await eachPage(database, reversalsPage, (row) => {
    const [operationId = '', acquirerId = '', rrn = '', amount = '0', state = '', ageMs = '0', reason = ''] =
      texts(row);
    books.addReversal({
      operationId,
      acquirerId,
      rrn,
      amountMinor: BigInt(amount),
      state,
      ageMs: Number(ageMs),
      reason,
    });
  });
}

const texts = (row: Row): string[] => row.map((column) => column ?? '');

const outcomesPage = `select operation_id, amount_minor, currency, status, response_code, acquirer_id, rrn, kind
  from routing.outcome where operation_id > $1 order by operation_id fetch first ${pageRows} rows with ties`;
const undecidedPage = `select claim.operation_id
  from routing.claim left join routing.outcome using (operation_id)
  where claim.operation_id > $1 and outcome.operation_id is null order by claim.operation_id limit ${pageRows}`;
const reversalsPage = `select operation_id, acquirer_id, rrn, amount_minor, state,
    (extract(epoch from now() - created_at) * 1000)::bigint, reason
  from routing.reversal where operation_id > $1 order by operation_id fetch first ${pageRows} rows with ties`;

/** Pages by key: a statement never holds more than a page, whatever the table holds. The first column is the key. */
export async function eachPage(database: Database, page: string, take: (row: Row) => void): Promise<void> {
  let after = lowestId;
  for (;;) {
    const rows = await database.query({ name: '', text: page, values: [after] });
    for (const row of rows) take(row);
    const last = rows.at(-1)?.[0];
    if (rows.length < pageRows || typeof last !== 'string') return;
    after = last;
  }
}
