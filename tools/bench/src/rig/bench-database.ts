import { topics } from '@fourway/contracts';
import { Database } from '@fourway/platform-postgres';
import type { StackDescription } from '@fourway/stack';

/** Tables whose rows are a payment's, with their partitions and indexes (B5). */
const paymentTables = ['routing.claim', 'routing.outcome', 'settlement.fact'] as const;

const settingNames = [
  ...['server_version', 'fsync', 'synchronous_commit', 'full_page_writes', 'shared_buffers', 'max_wal_size'],
  ...['wal_compression', 'max_connections', 'checkpoint_timeout', 'autovacuum'],
];

/** What the bench asks Postgres for; nothing that is asked during a run costs more than twelve rows. */
export class BenchDatabase {
  readonly #database: Database;

  constructor({ postgres: url }: Pick<StackDescription, 'postgres'>) {
    const options = { applicationName: 'fourway-bench', maxConnections: 1, statementTimeoutMs: 600_000 };
    this.#database = new Database({ url, ...options });
  }

  /** How far the ledger has posted each partition of the outcomes; at rest, where each ends. */
  async postedOffsets(): Promise<ReadonlyMap<number, bigint>> {
    const rows = await this.#database.query({
      name: 'posted-offsets',
      text: 'select partition, next_offset from settlement.cursor where topic = $1',
      values: [topics.outcomes.name],
    });
    return new Map(rows.map(([partition, next]) => [Number(partition), BigInt(next ?? '0')]));
  }

  /** Outcomes the ledger has passed. */
  async posted(): Promise<number> {
    return [...(await this.postedOffsets()).values()].reduce((sum, next) => sum + Number(next), 0);
  }

  /** Rows of a table; for before and after a run, not for during. */
  async countOf(table: 'routing.outcome' | 'settlement.fact'): Promise<number> {
    return Number(await this.#one(`select count(*) from ${table}`));
  }

  /** Bytes of the payment tables, partitions and indexes included. */
  async bytesByTable(): Promise<Record<string, number>> {
    const sizes = paymentTables.map(async (table) => {
      const size = `select coalesce(sum(pg_total_relation_size(inhrelid)), 0) from pg_inherits where inhparent = '${table}'::regclass`;
      return [table, Number(await this.#one(size))] as const;
    });
    return Object.fromEntries(await Promise.all(sizes));
  }

  /** Outcomes by status and response code, as `approved 00`; for before and after a run, not for during. */
  async outcomesByAnswer(): Promise<Record<string, number>> {
    const text = `select status || ' ' || response_code, count(*) from routing.outcome group by status, response_code`;
    const rows = await this.#database.query({ name: '', text, values: [] });
    return Object.fromEntries(rows.map(([answer, count]) => [answer ?? '', Number(count)]));
  }

  /** Bytes of the whole database, and of the write-ahead log beside it. */
  async sizes(): Promise<{ readonly database: number; readonly writeAheadLog: number }> {
    const text = 'select pg_database_size(current_database()), (select coalesce(sum(size), 0) from pg_ls_waldir())';
    const [row] = await this.#database.query({ name: 'sizes', text, values: [] });
    return { database: Number(row?.[0]), writeAheadLog: Number(row?.[1]) };
  }

  /** When each operation's claim was begun, milliseconds since the Unix epoch, of those since then; for after a run. */
  async claimsSince(sinceMs: number): Promise<ReadonlyMap<string, number>> {
    const text = `select operation_id, extract(epoch from claimed_at) * 1000 from routing.claim
      where claimed_at >= to_timestamp($1::double precision / 1000)`;
    const rows = await this.#database.query({ name: '', text, values: [String(sinceMs)] });
    return new Map(rows.map(([id, ms]) => [id ?? '', Number(ms)]));
  }

  /** Writes out what earlier work left, so that the next run does not pay for it. */
  async checkpoint(): Promise<void> {
    await this.#database.query({ name: '', text: 'checkpoint', values: [] });
  }

  /** Does what autovacuum would begin some time after a load of millions, in the middle of a run. */
  async vacuum(): Promise<void> {
    await this.#database.query({ name: '', text: 'vacuum (analyze)', values: [] });
  }

  async settings(): Promise<Record<string, string>> {
    const text = 'select name, current_setting(name) from pg_settings where name = any($1) order by name';
    const rows = await this.#database.query({ name: '', text, values: [settingNames] });
    return Object.fromEntries(rows.map(([name, setting]) => [name ?? '', setting ?? '']));
  }

  close(): Promise<void> {
    return this.#database.close();
  }

  async #one(text: string): Promise<string | null> {
    const [row] = await this.#database.query({ name: '', text, values: [] });
    return row?.[0] ?? null;
  }
}
