import { defined } from '@fourway/kernel';
import { isTransient, OptimisticInsert, type Database, type Row } from '@fourway/platform-postgres';
import { CutState } from './cut-state.ts';
import type { PartitionState, PlacedFact, PostingPlan } from './plan-posting.ts';
import { factArrays, postNewStatementText, postStatementText, postWithMarksText } from './posting-statement.ts';

export interface FactToPost extends PlacedFact {
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

/** The only writer of facts, balances, cut marks and the outcomes cursor. */
export class PostingRepository {
  readonly #database: Database;
  readonly #topic: string;
  readonly #optimistic = new OptimisticInsert();

  constructor(database: Database, topic: string) {
    this.#database = database;
    this.#topic = topic;
  }

  /**
   * Posts facts, their balances, cut marks and the cursor moves, all or nothing, in one round trip. Facts and marks that are stored already
   * change nothing.
   * @returns how many facts are new
   * @throws StaleCursorError
   */
  async post({ moves, facts, marks }: Omit<PostingPlan, 'after'>, slot: number): Promise<number> {
    const values = [
      this.#topic,
      moves.map(({ partition }) => partition),
      moves.map(({ from }) => from),
      moves.map(({ to }) => to),
      ...factArrays(facts.map(({ fact, cycle }) => ({ fact, cycle, slot }))),
    ];
    try {
      const [row] = await this.#insert(values, { moves, marks });
      return Number(row?.[0]);
    } catch (error) {
      if (sqlStateOf(error) === staleCursorState)
        throw new StaleCursorError('another writer moved the cursor', { cause: error });
      throw error;
    }
  }

  #insert(values: unknown[], { moves, marks }: Pick<PostingPlan, 'moves' | 'marks'>): Promise<Row[]> {
    if (marks.length === 0)
      return this.#optimistic.run(
        () => this.#database.query({ name: 'post-new', text: postNewStatementText, values }),
        () => this.#database.query({ name: 'post', text: postStatementText, values }),
      );
    return this.#database.query({
      name: 'post-with-marks',
      text: postWithMarksText,
      values: [
        ...values,
        moves.map(({ closes }) => closes),
        marks.map(({ mark }) => mark.businessDate),
        marks.map(({ partition }) => partition),
        marks.map(({ mark }) => mark.sourcePartition),
      ],
    });
  }

  /** The stored cursors and the cuts before them; a partition without a cursor gets it at the first offset its reader saw. */
  async readCursors(
    partitions: readonly { partition: number; first: bigint }[],
  ): Promise<(PartitionState & { partition: number })[]> {
    const numbers = partitions.map(({ partition }) => partition);
    await this.#database.query({
      name: 'cursor-insert',
      text: 'insert into cursor (topic, partition, next_offset) select $1, * from unnest($2::smallint[], $3::bigint[]) on conflict do nothing',
      values: [this.#topic, numbers, partitions.map(({ first }) => first)],
    });
    // In one statement, so that cursor and marks are of one moment.
    const rows = await this.#database.query({
      name: 'cursor-read',
      text: `select c.partition, c.next_offset, c.closed_through, m.business_date, m.source_partition
        from cursor c left join cut_mark m on m.partition = c.partition and m.business_date > coalesce(c.closed_through, '-infinity')
        where c.topic = $1 and c.partition = any($2::smallint[])`,
      values: [this.#topic, numbers],
    });
    return [...Map.groupBy(rows, ([partition]) => Number(partition))].map(([partition, of]) => ({
      partition,
      nextOffset: BigInt(defined(of[0]?.[1], 'cursor.next_offset')),
      cuts: new CutState(of[0]?.[2] ?? null, marksOf(of.map(([, , , date, source]) => [date, source]))),
    }));
  }
}

function marksOf(rows: readonly (readonly (string | null | undefined)[])[]): Map<string, Set<number>> {
  const marks = new Map<string, Set<number>>();
  for (const [date, source] of rows) {
    if (typeof date === 'string') marks.set(date, new Set(marks.get(date)).add(Number(source)));
  }
  return marks;
}
