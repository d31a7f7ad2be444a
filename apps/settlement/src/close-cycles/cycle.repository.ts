import { topics } from '@fourway/contracts';
import { defined } from '@fourway/kernel';
import type { Database, Row } from '@fourway/platform-postgres';
import type { SettlementFileRecord } from '@fourway/settlement-files';

const leaseSeconds = 30;

/** The life of a cycle after its cut: closed, filed, announced. Every step is taken by one replica, whoever is first. */
export class CycleRepository {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Open cycles whose dates have ended in every outcomes partition, by date. */
  closable(): Promise<string[]> {
    return this.#ids(
      `select cycle_id from cycle where state = 'open' and cycle_id <= (
          select min(closed_through) from cursor where topic = $1 having count(closed_through) >= $2)
        order by cycle_id`,
      [topics.outcomes.name, topics.outcomes.partitions],
    );
  }

  /** Closes the cycle and takes its positions; false where another replica does, or it may not close yet. */
  async close(cycleId: string): Promise<boolean> {
    const [row] = await this.#query('select close_cycle($1::date, $2, $3)', [
      cycleId,
      topics.outcomes.name,
      topics.outcomes.partitions,
    ]);
    return row?.[0] === 't';
  }

  /** The next closed cycle without files that nobody works on; it is this replica's for half a minute, see `renew`. */
  async leaseUnfiled(): Promise<string | null> {
    const [id] = await this.#ids(
      `update cycle set leased_until = now() + make_interval(secs => $1) where cycle_id = (
          select cycle_id from cycle where state = 'closed' and leased_until < now() order by cycle_id limit 1 for update skip locked)
        returning cycle_id`,
      [leaseSeconds],
    );
    return id ?? null;
  }

  async renew(cycleId: string): Promise<void> {
    await this.#query('update cycle set leased_until = now() + make_interval(secs => $2) where cycle_id = $1', [
      cycleId,
      leaseSeconds,
    ]);
  }

  async release(cycleId: string): Promise<void> {
    await this.#query(`update cycle set leased_until = '-infinity' where cycle_id = $1`, [cycleId]);
  }

  /** Records the files that stand under their names; once, whoever wrote them. */
  async filed(cycleId: string, files: readonly SettlementFileRecord[]): Promise<void> {
    await this.#database.transaction(async (run) => {
      const [closed] = await run({
        name: '',
        text: `select from cycle where cycle_id = $1 and state = 'closed' for update`,
        values: [cycleId],
      });
      if (closed === undefined) return;
      await run({
        name: '',
        text: `insert into cycle_file (cycle_id, path, participant_type, participant_id, currency, details, net_minor, bytes, sha256)
          select $1, * from unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::bigint[], $7::bigint[], $8::bigint[], $9::text[])`,
        values: [cycleId, ...fileColumns.map((column) => files.map((file) => file[column]))],
      });
      await run({
        name: '',
        text: `update cycle set state = 'filed', filed_at = now() where cycle_id = $1`,
        values: [cycleId],
      });
    });
  }

  /** Cycles whose files stand and that the topic does not know of for sure. */
  unannounced(): Promise<string[]> {
    return this.#ids(`select cycle_id from cycle where state = 'filed' order by cycle_id`, []);
  }

  async announced(cycleId: string): Promise<void> {
    await this.#query(
      `update cycle set state = 'announced', announced_at = now() where cycle_id = $1 and state = 'filed'`,
      [cycleId],
    );
  }

  /** Since the first mark of a date whose cycle has not closed; 0 without one. */
  async closingSeconds(): Promise<number> {
    const [row] = await this.#query(
      `select coalesce(extract(epoch from now() - min(seen_at)), 0) from cut_mark
        where business_date > coalesce((select max(cycle_id) from cycle where state <> 'open'), '-infinity')`,
      [],
    );
    return Number(row?.[0] ?? 0);
  }

  #query(text: string, values: readonly unknown[]): Promise<Row[]> {
    return this.#database.query({ name: '', text, values });
  }

  async #ids(text: string, values: readonly unknown[]): Promise<string[]> {
    const rows = await this.#query(text, values);
    return rows.map(([id]) => defined(id, 'cycle_id'));
  }
}

const fileColumns = [
  ...(['path', 'participantType', 'participantId', 'currency'] as const),
  ...(['details', 'netMinor', 'bytes', 'sha256'] as const),
];
