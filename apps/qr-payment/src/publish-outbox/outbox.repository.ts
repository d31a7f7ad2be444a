import { defined } from '@fourway/kernel';
import type { Queries } from '../engines.ts';

/** A request that has no outcome yet. */
export interface OutboxRow {
  readonly operationId: string;
  /** A record of payments.requested.v1. */
  readonly record: Buffer;
}

export interface OutboxBacklog {
  readonly count: number;
  /** Of the oldest row; 0 where there is none. */
  readonly ageSeconds: number;
}

const maxPauseMs = 60_000;
const maxSends = 1_000;

export class OutboxRepository {
  readonly #queries: Queries;
  readonly #resendAfterMs: number;

  constructor(queries: Queries, { resendAfterMs }: { resendAfterMs: number }) {
    this.#queries = queries;
    this.#resendAfterMs = resendAfterMs;
  }

  /** Up to `limit` rows that are due, and puts them off, each time twice as long up to a minute; replicas take different ones. */
  async takeDue(limit: number): Promise<OutboxRow[]> {
    const rows = await this.#queries.query({
      name: 'take_due_outbox',
      text: takeDueSql,
      values: [this.#resendAfterMs, limit],
    });
    return rows.map(([operationId, record]) => ({
      operationId: defined(operationId, 'operation_id'),
      record: Buffer.from(defined(record, 'record'), 'hex'),
    }));
  }

  async backlog(): Promise<OutboxBacklog> {
    const [row] = await this.#queries.query({
      name: 'outbox_backlog',
      text: 'select count(*), coalesce(extract(epoch from now() - min(created_at)), 0) from outbox',
      values: [],
    });
    return { count: Number(row?.[0] ?? 0), ageSeconds: Number(row?.[1] ?? 0) };
  }
}

// From an array, which is computed once: as a semi-join Postgres may run the limited selection for every row.
const takeDueSql = `
update outbox set sends = least(sends + 1, ${maxSends}),
  due_at = now() + least($1 * power(2, least(sends, 10)), ${maxPauseMs}) * interval '1 millisecond'
where operation_id = any(array(select operation_id from outbox where due_at <= now() order by due_at limit $2 for update skip locked))
returning operation_id, encode(record, 'hex')`;
