import { defined } from '@fourway/kernel';
import type { Row } from '@fourway/platform-postgres';
import type { Queries } from '../engines.ts';
import { epochMs } from '../epoch-ms.ts';

/** A record whose offset has passed although its operation is open: this row keeps it. */
export interface ParkedRecord {
  readonly topic: string;
  readonly partition: number;
  readonly offset: bigint;
  readonly rootId: string;
  readonly operationId: string;
  /** The record's value as it was read. */
  readonly value: Buffer;
}

export interface LeasedRecord extends ParkedRecord {
  /** By Postgres' clock, milliseconds since the Unix epoch. */
  readonly leasedAtMs: number;
}

/** An operation whose outcome the broker has acknowledged. */
export interface AnsweredOperation {
  readonly operationId: string;
  readonly fingerprint: string | null;
  /** A time before it was answered, by Postgres' clock in milliseconds since the Unix epoch. */
  readonly beforeMs: number;
}

/** How long a replica may work on a leased row before another one takes it, seconds. */
const leaseSeconds = 10;

/** A work queue that every replica works on: due rows are leased, and deleted only when their outcome is acknowledged. */
export class ParkedRepository {
  readonly #queries: Queries;

  constructor(queries: Queries) {
    this.#queries = queries;
  }

  /**
   * Returns when the rows were written, by Postgres' clock in milliseconds since the Unix epoch.
   *
   * @param dueAtMs milliseconds since the Unix epoch, one a record
   */
  async park(records: readonly (ParkedRecord & { readonly dueAtMs: number })[]): Promise<number> {
    const [row] = await this.#queries.query({
      name: 'park',
      text: `with written as (
          insert into parked (source_topic, source_partition, source_offset, root_id, operation_id, record, due_at)
          select * from unnest($1::text[], $2::int[], $3::bigint[], $4::uuid[], $5::uuid[], $6::bytea[], $7::timestamptz[]) on conflict do nothing
        ) select ${epochMs('now()')}`,
      values: [
        records.map((r) => r.topic),
        records.map((r) => r.partition),
        records.map((r) => r.offset.toString()),
        records.map((r) => r.rootId),
        records.map((r) => r.operationId),
        records.map((r) => `\\x${r.value.toString('hex')}`),
        records.map((r) => new Date(r.dueAtMs).toISOString()),
      ],
    });
    return Number(defined(row?.[0], 'time'));
  }

  /** Leases due rows, the lowest offset of each root first. */
  async lease(limit: number): Promise<LeasedRecord[]> {
    const rows = await this.#queries.query({
      name: 'lease_parked',
      // By row address, from an array: it is computed once. As a join, planned while the queue was empty, Postgres ran the selection again for every row.
      text: `update parked set lease_until = now() + make_interval(secs => $2)
        where ctid = any(array(select ctid from parked where due_at <= now() and lease_until < now()
          order by root_id, source_offset limit $1 for update skip locked))
        returning source_topic, source_partition, source_offset, root_id, operation_id, encode(record, 'hex'), ${epochMs('now()')}`,
      values: [limit, leaseSeconds],
    });
    return rows.map(leasedOf);
  }

  /**
   * Takes answered operations off the queue. Other bodies under their ids stay: they are yet to be refused. So do rows that were written
   * later: another process may keep a copy in them that was sent because of the answer, and is to have one of its own.
   */
  async remove(answered: readonly AnsweredOperation[]): Promise<void> {
    await this.#queries.query({
      name: 'unpark',
      text: `delete from parked p using unnest($1::uuid[], $2::text[], $3::bigint[]) gone (id, fingerprint, before_ms)
        where p.operation_id = gone.id and (p.fingerprint is null or p.fingerprint = gone.fingerprint)
          and ${epochMs('p.parked_at')} <= gone.before_ms`,
      values: [
        answered.map(({ operationId }) => operationId),
        answered.map(({ fingerprint }) => fingerprint),
        answered.map(({ beforeMs }) => beforeMs),
      ],
    });
  }

  /** Takes single records off the queue. */
  async removeRecords(records: readonly Pick<ParkedRecord, 'topic' | 'partition' | 'offset'>[]): Promise<void> {
    if (records.length === 0) return;
    await this.#queries.query({
      name: 'unpark_records',
      text: `delete from parked using unnest($1::text[], $2::int[], $3::bigint[]) gone (topic, part, at)
        where source_topic = topic and source_partition = part and source_offset = at`,
      values: [records.map((r) => r.topic), records.map((r) => r.partition), records.map((r) => r.offset.toString())],
    });
  }

  /** Rows there are, and the age of the oldest due one in seconds. */
  async backlog(): Promise<{ open: number; oldestDueSeconds: number }> {
    const [row] = await this.#queries.query({
      name: 'parked_backlog',
      text: 'select count(*), coalesce(extract(epoch from now() - min(due_at)), 0) from parked',
      values: [],
    });
    return { open: Number(row?.[0] ?? 0), oldestDueSeconds: Math.max(0, Number(row?.[1] ?? 0)) };
  }
}

const leasedOf = ([topic, partition, offset, rootId, operationId, record, leasedAtMs]: Row): LeasedRecord => ({
  topic: defined(topic, 'source_topic'),
  partition: Number(partition),
  offset: BigInt(defined(offset, 'source_offset')),
  rootId: defined(rootId, 'root_id'),
  operationId: defined(operationId, 'operation_id'),
  value: Buffer.from(defined(record, 'record'), 'hex'),
  leasedAtMs: Number(defined(leasedAtMs, 'time of the lease')),
});
