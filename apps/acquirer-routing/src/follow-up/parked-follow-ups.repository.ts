import type { ParkedRecord } from '../park-operation/parked.repository.ts';
import type { Queries } from '../engines.ts';

export interface ParkedFollowUp extends ParkedRecord {
  /** 32 hex digits: nothing is claimed yet, so the record may turn out to be another body. */
  readonly fingerprint: string;
  /** Looked at again then, milliseconds since the Unix epoch. */
  readonly dueAtMs: number;
  /** Until when it waits for its root, milliseconds since the Unix epoch; null where it waits for something that will be decided. */
  readonly giveUpAtMs: number | null;
}

/** Operations on payments in the parked queue: they wait for their turn there. */
export class ParkedFollowUpsRepository {
  readonly #queries: Queries;

  constructor(queries: Queries) {
    this.#queries = queries;
  }

  async park(records: readonly ParkedFollowUp[]): Promise<void> {
    await this.#queries.query({
      name: 'park_follow_ups',
      text: `insert into parked (source_topic, source_partition, source_offset, root_id, operation_id, record, due_at, give_up_at, fingerprint)
        select * from unnest($1::text[], $2::int[], $3::bigint[], $4::uuid[], $5::uuid[], $6::bytea[], $7::timestamptz[], $8::timestamptz[], $9::text[])
        on conflict do nothing`,
      values: [
        records.map((r) => r.topic),
        records.map((r) => r.partition),
        records.map((r) => r.offset.toString()),
        records.map((r) => r.rootId),
        records.map((r) => r.operationId),
        records.map((r) => `\\x${r.value.toString('hex')}`),
        records.map((r) => new Date(r.dueAtMs).toISOString()),
        records.map((r) => (r.giveUpAtMs === null ? null : new Date(r.giveUpAtMs).toISOString())),
        records.map((r) => r.fingerprint),
      ],
    });
  }

  /** Puts off what still waits; an early operation's time runs from when it was first found early. */
  async postpone(
    waiting: readonly { readonly operationId: string; readonly dueAtMs: number; readonly giveUpAtMs: number | null }[],
  ): Promise<void> {
    await this.#queries.query({
      name: 'postpone_parked',
      text: `update parked p set due_at = u.due, lease_until = '-infinity', give_up_at = coalesce(p.give_up_at, u.give_up)
        from unnest($1::uuid[], $2::timestamptz[], $3::timestamptz[]) u (id, due, give_up) where p.operation_id = u.id`,
      values: [
        waiting.map(({ operationId }) => operationId),
        waiting.map(({ dueAtMs }) => new Date(dueAtMs).toISOString()),
        waiting.map(({ giveUpAtMs }) => (giveUpAtMs === null ? null : new Date(giveUpAtMs).toISOString())),
      ],
    });
  }
}
