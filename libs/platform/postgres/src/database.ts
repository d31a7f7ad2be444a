import pg from 'pg';
import { isTransient } from './transient.ts';

/** One named statement: named statements are planned once a connection. */
export interface Statement {
  readonly name: string;
  readonly text: string;
  readonly values: readonly unknown[];
}

export interface DatabaseOptions {
  /** postgres:// URL; the role's search_path is its service's schema. */
  readonly url: string;
  readonly applicationName: string;
  /** Connections at most. */
  readonly maxConnections?: number;
  /** A statement that runs longer is cancelled by the server, milliseconds. */
  readonly statementTimeoutMs?: number;
  readonly onError?: (error: Error) => void;
}

/** A pool of connections to one service's schema. Rows come as arrays of text: no date, number or JSON is parsed behind our back. */
export class Database {
  readonly #pool: pg.Pool;

  constructor({ url, applicationName, maxConnections = 8, statementTimeoutMs = 15_000, onError }: DatabaseOptions) {
    this.#pool = new pg.Pool({
      connectionString: url,
      application_name: applicationName,
      max: maxConnections,
      connectionTimeoutMillis: 5_000,
      statement_timeout: statementTimeoutMs,
      idle_in_transaction_session_timeout: 30_000,
      keepAlive: true,
      types: { getTypeParser: () => (text: string) => text },
    });
    const onLost = (error: Error): void => onError?.(error);
    // Without a listener an idle connection that is lost would end the process.
    this.#pool.on('error', onLost);
    // Our statements run for milliseconds; over many day partitions their estimated cost makes Postgres compile them, for a second each time.
    // Queued before the statement the connection was opened for; where it fails, so does that one.
    this.#pool.on('connect', (client) => {
      // The pool listens to idle connections only: one lost under a statement would end the process, although the statement fails anyway.
      client.on('error', onLost);
      client.query('set jit = off').catch(() => undefined);
    });
  }

  /** Runs one statement; its rows, each an array of column texts (null for NULL). */
  async query(statement: Statement): Promise<Row[]> {
    const client = await this.#pool.connect();
    return release(client, () => rowsOf(client, statement));
  }

  /** Runs `work` in one transaction; rolls back when it throws. */
  async transaction<T>(work: (run: (statement: Statement) => Promise<Row[]>) => Promise<T>): Promise<T> {
    const client = await this.#pool.connect();
    return release(client, async () => {
      await client.query('begin');
      try {
        const result = await work((statement) => rowsOf(client, statement));
        await client.query('commit');
        return result;
      } catch (error) {
        if (!isTransient(error)) await client.query('rollback');
        throw error;
      }
    });
  }

  /**
   * Runs `work` on one connection and in no transaction: for locks and settings of a session, which end with it. A statement that fails does
   * not end it.
   */
  async session<T>(work: (run: (statement: Statement) => Promise<Row[]>) => Promise<T>): Promise<T> {
    const client = await this.#pool.connect();
    try {
      return await work((statement) => rowsOf(client, statement));
    } finally {
      client.release(true);
    }
  }

  /** Idle and waiting connections, for metrics. */
  get load(): { total: number; idle: number; waiting: number } {
    return { total: this.#pool.totalCount, idle: this.#pool.idleCount, waiting: this.#pool.waitingCount };
  }

  close(): Promise<void> {
    return this.#pool.end();
  }
}

export type Row = readonly (string | null)[];

async function rowsOf(client: pg.PoolClient, { name, text, values }: Statement): Promise<Row[]> {
  const { rows } = await client.query<(string | null)[]>({ name, text, values: [...values], rowMode: 'array' });
  return rows;
}

/** A connection that failed in an unknown state is destroyed, never reused. */
async function release<T>(client: pg.PoolClient, work: () => Promise<T>): Promise<T> {
  try {
    const result = await work();
    client.release();
    return result;
  } catch (error) {
    client.release(isTransient(error));
    throw error;
  }
}
