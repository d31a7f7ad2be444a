import type { Database } from '@fourway/platform-postgres';
import type { GatheredBooks } from './gathered-books.ts';
import { eachPage, pageRows } from './our-book.ts';

export interface LedgerReport {
  /** False where settlement has no tables. */
  readonly present: boolean;
  readonly facts: number;
  /** Sum of all balances per currency, in minor units: zero, or money came from nowhere. */
  readonly sums: readonly { readonly currency: string; readonly sumMinor: bigint }[];
  /** Balances that are not the replay of their facts, by account. */
  readonly imbalances: readonly string[];
}

/** Reads settlement's facts; their number, or null where there are no such tables. */
export async function gatherFacts(database: Database, books: GatheredBooks): Promise<number | null> {
  const [row] = await database.query({ name: '', text: `select to_regclass('settlement.fact')`, values: [] });
  if (row?.[0] === null || row === undefined) return null;
  let count = 0;
  await eachPage(database, factsPage, ([operationId, amount]) => {
    count += 1;
    books.addFact({ operationId: operationId ?? '', amountMinor: BigInt(amount ?? '0') });
  });
  return count;
}

const factsPage = `select operation_id, gross from settlement.fact
  where operation_id > $1 order by operation_id fetch first ${pageRows} rows with ties`;

export async function ledgerSums(database: Database): Promise<LedgerReport['sums']> {
  const rows = await database.query({
    name: '',
    text: 'select currency, sum(amount) from settlement.balance group by currency order by currency',
    values: [],
  });
  return rows.map(([currency, sum]) => ({ currency: currency ?? '', sumMinor: BigInt(sum ?? '0') }));
}

/** Balances that are not what their facts add up to (settlement's own checker), the first hundred. */
export async function ledgerImbalances(database: Database): Promise<string[]> {
  const rows = await database.transaction(async (run) => {
    // The checker's functions name their tables without a schema: they are settlement's.
    await run({ name: '', text: 'set local search_path to settlement', values: [] });
    return run({
      name: '',
      text: 'select problem, account, currency, replayed, stored from imbalance limit 100',
      values: [],
    });
  });
  return rows.map(
    ([problem, account, currency, replayed, stored]) =>
      `${problem} ${account} ${currency}: facts ${replayed}, balance ${stored}`,
  );
}
