import { defined, type Clock } from '@fourway/kernel';
import { HttpProblem } from '@fourway/platform-http';
import { isTransient, type Database, type Row, type Statement } from '@fourway/platform-postgres';
import { recordCall, type Call } from './call.ts';
import { DirectoryUnit } from './directory-unit.ts';
import { findEntities } from './find-entities.ts';
import type { EntityKey, StoredEntity } from './stored-entity.ts';

export interface DirectoryRepositoryParts {
  readonly database: Database;
  readonly clock: Clock;
  /** There may be something to publish. */
  readonly onChanged: () => void;
}

/** The directory in Postgres: reading it, and the one way to change it. While Postgres is away its callers are answered 503. */
export class DirectoryRepository {
  readonly #parts: DirectoryRepositoryParts;

  constructor(parts: DirectoryRepositoryParts) {
    this.#parts = parts;
  }

  /**
   * Runs `work` as the only writer there is: its transaction locks the head, so every version that it sees is the newest until it ends,
   * and change numbers are committed in their order.
   */
  async change<T>(call: Call | { readonly number: bigint }, work: (unit: DirectoryUnit) => Promise<T>): Promise<T> {
    const { database, clock, onChanged } = this.#parts;
    const result = await available(() =>
      database.transaction(async (run) => {
        const [head] = await run(lockHead);
        const lastChangeNumber = BigInt(defined(head?.[0], 'directory_head'));
        const callNumber = 'number' in call ? () => Promise.resolve(call.number) : () => recordCall(run, call);
        return work(new DirectoryUnit({ run, lastChangeNumber, callNumber, nowMs: clock.nowMs() }));
      }),
    );
    onChanged();
    return result;
  }

  /** Records a call that will change the directory in several transactions. */
  async begin(call: Call): Promise<{ readonly number: bigint }> {
    return { number: await recordCall((statement) => this.query(statement), call) };
  }

  async find(key: EntityKey): Promise<StoredEntity | undefined> {
    return (await findEntities((statement) => this.query(statement), [key])).get(key);
  }

  query(statement: Statement): Promise<Row[]> {
    return available(() => this.#parts.database.query(statement));
  }
}

const lockHead: Statement = {
  name: 'lock-head',
  text: 'select last_change_number from directory_head for update',
  values: [],
};

async function available<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (!isTransient(cause)) throw cause;
    const problem = {
      status: 503,
      code: 'unavailable',
      title: 'The service cannot answer now',
      headers: { 'retry-after': '1' },
    };
    throw new HttpProblem({ ...problem, detail: 'Send the same request again in a moment.' }, { cause });
  }
}
