import { defined } from '@fourway/kernel';
import { isTransient, type Database } from '@fourway/platform-postgres';
import type { Fact } from './fact-of-outcome.ts';
import { factArrays, postStatementText } from './posting-statement.ts';

/** One partition's compare-and-set: the cursor must stand at `from` and goes to `to`. */
export interface CursorMove {
  readonly partition: number;
  readonly from: bigint;
  readonly to: bigint;
}

export interface FactToPost {
  readonly fact: Fact;
  /** Slot of the balances the fact is posted to. */
  readonly slot: number;
}

/** Another writer moved a cursor first; nothing of the posting was stored. */
export class StaleCursorError extends Error {
  override readonly name = 'StaleCursorError';
}

const staleCursorState = 'FW001';

/** True where Postgres refused the data itself (SQLSTATE class 22 or 23): the same posting would be refused for ever. */
export const isRefusedByDatabase = (error: unknown): error is Error =>
  /^2[23]/.test(sqlStateOf(error)) && !isTransient(error);

const sqlStateOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';

/** The only writer of facts, balances and the outcomes cursor. */
export class PostingRepository {
  readonly #database: Database;
  readonly #topic: string;

  constructor(database: Database, topic: string) {
    this.#database = database;
    this.#topic = topic;
  }

  /**
   * Posts facts, their balances and the cursor moves, all or nothing, in one round trip. Facts that are stored already change nothing.
   * @returns how many facts are new
   * @throws StaleCursorError
   */
  async post(moves: readonly CursorMove[], facts: readonly FactToPost[]): Promise<number> {
    const values = [
      this.#topic,
      moves.map(({ partition }) => partition),
      moves.map(({ from }) => from),
      moves.map(({ to }) => to),
      ...factArrays(facts),
    ];
    try {
      const [row] = await this.#database.query({ name: 'post', text: postStatementText, values });
      return Number(row?.[0]);
    } catch (error) {
      if (sqlStateOf(error) === staleCursorState)
        throw new StaleCursorError('another writer moved the cursor', { cause: error });
      throw error;
    }
  }

  /** The stored cursors; a partition without one gets it at the first offset its reader saw. */
  async readCursors(
    partitions: readonly { partition: number; first: bigint }[],
  ): Promise<{ partition: number; offset: bigint }[]> {
    const numbers = partitions.map(({ partition }) => partition);
    await this.#database.query({
      name: 'cursor-insert',
      text: 'insert into cursor (topic, partition, next_offset) select $1, * from unnest($2::smallint[], $3::bigint[]) on conflict do nothing',
      values: [this.#topic, numbers, partitions.map(({ first }) => first)],
    });
    const rows = await this.#database.query({
      name: 'cursor-read',
      text: 'select partition, next_offset from cursor where topic = $1 and partition = any($2::smallint[])',
      values: [this.#topic, numbers],
    });
    return rows.map(([partition, offset]) => ({
      partition: Number(partition),
      offset: BigInt(defined(offset, 'cursor.next_offset')),
    }));
  }
}
