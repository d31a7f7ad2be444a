import { brokersOf, compareBooks, type BooksReport } from '@fourway/cli';
import { topics } from '@fourway/contracts';
import { Database } from '@fourway/platform-postgres';
import type { StackDescription } from '@fourway/stack';

/** The lab's own look into Postgres: one connection that survives the server's restarts. */
export class LabDatabase {
  readonly #database: Database;

  constructor({ postgres: url }: StackDescription) {
    this.#database = new Database({ url, applicationName: 'fourway-faults', maxConnections: 2 });
  }

  /** How far the ledger has posted each outcomes partition. */
  async postedOffsets(): Promise<ReadonlyMap<number, bigint>> {
    const rows = await this.#database.query({
      name: 'posted-offsets',
      text: 'select partition, next_offset from settlement.cursor where topic = $1',
      values: [topics.outcomes.name],
    });
    return new Map(rows.map(([partition, next]) => [Number(partition), BigInt(next ?? '0')]));
  }

  /** Claims of the last moments without an outcome: what acquirer-routing had begun and not decided. */
  async undecidedClaims({ atMs, withinMs }: { atMs: number; withinMs: number }): Promise<number> {
    const [row] = await this.#database.query({
      name: 'undecided-claims',
      text: `select count(*) from routing.claim left join routing.outcome using (operation_id)
        where claim.operation_id > $1 and outcome.operation_id is null
          and claimed_at between to_timestamp($2::float8 / 1000) and to_timestamp($3::float8 / 1000)`,
      values: [idFloor(atMs - oldestRequestMs), atMs - withinMs, atMs],
    });
    return Number(row?.[0] ?? 0);
  }

  /** Outcomes decided since then, by status and response code. */
  async outcomesSince(sinceMs: number): Promise<Record<string, number>> {
    const rows = await this.#database.query({
      name: 'outcomes-since',
      text: `select status || ' ' || response_code, count(*) from routing.outcome
        where operation_id > $1 and decided_at >= to_timestamp($2::float8 / 1000) group by 1 order by 2 desc`,
      values: [idFloor(sinceMs - oldestRequestMs), sinceMs],
    });
    return Object.fromEntries(rows.map(([name, count]) => [name ?? '', Number(count)]));
  }

  /** What routing and settlement have stored of each operation, rows as text. */
  async rowsOf(operationIds: readonly string[]): Promise<OperationRows[]> {
    const rows = await this.#database.query({
      name: 'rows-of-operations',
      text: `select u.id, c.operation_id is not null, o::text, f::text,
          exists (select from routing.parked where parked.operation_id = u.id)
        from unnest($1::uuid[]) u (id)
        left join lateral (select * from routing.claim where operation_id = u.id offset 0) c on true
        left join lateral (select * from routing.outcome where operation_id = u.id offset 0) o on true
        left join lateral (select * from settlement.fact where operation_id = u.id offset 0) f on true`,
      values: [operationIds],
    });
    return rows.map(([id, claimed, outcome = null, fact = null, parked]) => ({
      ...{ operationId: id ?? '', claimed: claimed === 't', outcome, fact, parked: parked === 't' },
    }));
  }

  async pendingReversals(): Promise<number> {
    const text = "select count(*) from routing.reversal where state = 'pending'";
    const [row] = await this.#database.query({ name: 'pending-reversals', text, values: [] });
    return Number(row?.[0] ?? 0);
  }

  /** Reversals at one acquirer that were made in that time; how many are not acknowledged by now. */
  async reversalsOf(
    acquirerId: string,
    { fromMs, toMs }: { readonly fromMs: number; readonly toMs: number },
  ): Promise<{ readonly all: number; readonly pending: number }> {
    const [row] = await this.#database.query({
      name: 'reversals-of',
      text: `select count(*), count(*) filter (where state = 'pending') from routing.reversal
        where acquirer_id = $1 and created_at >= to_timestamp($2::float8 / 1000) and created_at < to_timestamp($3::float8 / 1000)`,
      values: [acquirerId, fromMs, toMs],
    });
    return { all: Number(row?.[0] ?? 0), pending: Number(row?.[1] ?? 0) };
  }

  /** Has settlement read everything again: its own cursor, not its group's offset, says what it has posted. */
  async rewindCursors(): Promise<void> {
    const text = 'update settlement.cursor set next_offset = 0 where topic = $1';
    await this.#database.query({ name: 'rewind-cursors', text, values: [topics.outcomes.name] });
  }

  /** Counts of all that was ever stored, and a checksum over outcomes, facts and balances. */
  async effects(): Promise<StoredEffects> {
    const [row] = await this.#database.query({
      name: 'stored-effects',
      text: `select (select count(*) from routing.claim), (select count(*) from routing.outcome), (select count(*) from settlement.fact),
        (select count(*) from routing.reversal), (select count(*) from routing.parked),
        md5((select string_agg(md5(o::text), '' order by operation_id) from routing.outcome o)
          || (select string_agg(md5(f::text), '' order by operation_id) from settlement.fact f)
          || (select string_agg(md5(b::text), '' order by md5(b::text)) from settlement.balance b))`,
      values: [],
    });
    const [claims, outcomes, facts, reversals, parked] = (row ?? []).map(Number);
    return {
      ...{ claims: claims ?? 0, outcomes: outcomes ?? 0, facts: facts ?? 0, reversals: reversals ?? 0 },
      ...{ parked: parked ?? 0, checksum: row?.[5] ?? '' },
    };
  }

  close(): Promise<void> {
    return this.#database.close();
  }
}

export interface StoredEffects {
  readonly claims: number;
  readonly outcomes: number;
  readonly facts: number;
  readonly reversals: number;
  readonly parked: number;
  readonly checksum: string;
}

export interface OperationRows {
  readonly operationId: string;
  readonly claimed: boolean;
  readonly outcome: string | null;
  readonly fact: string | null;
  readonly parked: boolean;
}

/** Requests of a run are no older when they are decided; it keeps the lab's statements off the rest of the tables. */
const oldestRequestMs = 600_000;

/** The smallest UUIDv7 of a moment. */
function idFloor(atMs: number): string {
  const hex = Math.floor(atMs).toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}-0000-0000-000000000000`;
}

export const compareStackBooks = (stack: StackDescription): Promise<BooksReport> =>
  compareBooks({
    ...{ postgresUrl: stack.postgres, brokers: brokersOf(stack) },
    acquirerBooks: stack.acquirers.map(({ id, book }) => ({ acquirerId: id, path: book })),
  });
