import { migrate, Database } from '@fourway/platform-postgres';
import { freshDatabase } from '@fourway/testing';
import { migrations } from '../migrations/index.ts';

export interface SettlementDatabase {
  readonly database: Database;
  readonly url: string;
  /** One statement outside the service's code: a look, or a hand that tampers. */
  sql(text: string, ...values: unknown[]): Promise<readonly (readonly (string | null)[])[]>;
  close(): Promise<void>;
}

/** Rows of two columns as a record. */
export const pairsOf = (rows: readonly (readonly (string | null)[])[]): Record<string, string | null> =>
  Object.fromEntries(rows.map(([name, value]): [string, string | null] => [String(name), value ?? null]));

/** A database of one test file's own, with Settlement's schema in it. */
export async function settlementDatabase(name: string): Promise<SettlementDatabase> {
  const fresh = await freshDatabase(name);
  const setup = new Database({ url: fresh.url, applicationName: name, maxConnections: 1 });
  const run = (text: string) => setup.query({ name: '', text, values: [] });
  await run('create schema settlement');
  await run(`do $$ begin execute format('alter database %I set search_path = settlement', current_database()); end $$`);
  await setup.close();
  await migrate({ url: fresh.url, schema: 'settlement', migrations });
  const database = new Database({ url: fresh.url, applicationName: name });
  return {
    database,
    url: fresh.url,
    sql: (text, ...values) => database.query({ name: '', text, values }),
    close: async () => {
      await database.close();
      await fresh.drop();
    },
  };
}
