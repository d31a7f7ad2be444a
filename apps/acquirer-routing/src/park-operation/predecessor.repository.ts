import { uuidV7Floor } from '@fourway/kernel';
import { writersOf, type Queries } from '../engines.ts';

export interface Predecessor {
  readonly replica: number;
  /** The writer of this incarnation. */
  readonly self: string;
  /** From a claim to the time when its owner must have decided it, milliseconds. */
  readonly takeUpAfterMs: number;
}

/** An operation's id is at most this much older than its claim, or waits its time like everyone's; milliseconds. */
const idsBehindMs = 60_000;

/** What the process did that this one replaces: it is gone, so nobody need wait for it. */
export class PredecessorRepository {
  readonly #queries: Queries;

  constructor(queries: Queries) {
    this.#queries = queries;
  }

  /**
   * Lets the time of a dead predecessor's undecided claims be over, so that they are taken up at once. Should it be alive after all, nothing
   * is charged twice: the first outcome stored wins, and an approval that loses is reversed. Returns how many there were.
   */
  async release({ replica, self, takeUpAfterMs }: Predecessor): Promise<number> {
    const { first, last } = writersOf(replica);
    const [row] = await this.#queries.query({
      name: 'release_predecessor',
      text: releaseSql,
      values: [uuidV7Floor(Date.now() - takeUpAfterMs - idsBehindMs), first, last, self, takeUpAfterMs / 1_000],
    });
    return Number(row?.[0] ?? 0);
  }
}

// Both tables by the ids of the last moments: without that bound Postgres reads all outcomes there are to find those that are missing.
const releaseSql = `
with orphan as (
  update claim set claimed_at = claimed_at - make_interval(secs => $5)
  where operation_id >= $1::uuid and writer between $2::bigint and $3::bigint and writer <> $4::bigint
    and claimed_at > now() - make_interval(secs => $5)
    and not exists (select from outcome where outcome.operation_id >= $1::uuid and outcome.operation_id = claim.operation_id)
  returning operation_id
), due as (
  update parked set due_at = now() from orphan where parked.operation_id = orphan.operation_id
)
select count(*) from orphan`;
