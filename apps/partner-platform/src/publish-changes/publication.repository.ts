import { defined } from '@fourway/kernel';
import type { Database, Row } from '@fourway/platform-postgres';
import { bytesOf } from '../directory/stored-entity.ts';

/** A version to publish. */
export interface UnpublishedChange {
  readonly changeNumber: bigint;
  /** The record key. */
  readonly key: string;
  readonly record: Buffer;
}

export interface PublicationState {
  /** All changes below are acknowledged by the broker. */
  readonly next: bigint;
  /** The newest change there is. */
  readonly last: bigint;
}

/** Any number that no other lock of this service has. */
const publisherLock = 4_700_612;

/**
 * How far the directory is published. Its database has one connection, whose session holds the advisory lock of the one publisher:
 * when the process ends in whatever way, the lock is free.
 */
export class PublicationRepository {
  readonly #session: Database;
  #lockedPid: string | null = null;

  /** @param session a database of one connection, for nothing else */
  constructor(session: Database) {
    this.#session = session;
  }

  get isPublisher(): boolean {
    return this.#lockedPid !== null;
  }

  /** Becomes the publisher where there is none. */
  async claim(): Promise<boolean> {
    const [row] = await this.#session.query({
      name: 'claim-publication',
      text: 'select pg_backend_pid(), pg_try_advisory_lock($1)',
      values: [publisherLock],
    });
    this.#lockedPid = row?.[1] === 't' ? (row[0] ?? null) : null;
    return this.isPublisher;
  }

  /** Null when this session is a new one, which does not hold the lock. */
  async state(): Promise<PublicationState | null> {
    const [row] = await this.#session.query({
      name: 'publication-state',
      text: 'select pg_backend_pid(), next_change_number, last_change_number from publication, directory_head',
      values: [],
    });
    if (row?.[0] !== this.#lockedPid) this.#lockedPid = null;
    return this.isPublisher ? stateOf(defined(row, 'publication')) : null;
  }

  /** Changes from `from` on, in order: `count` of them, as change numbers have no gaps. */
  async changes(from: bigint, count: number): Promise<UnpublishedChange[]> {
    const rows = await this.#session.query({
      name: 'unpublished-changes',
      text: `select change_number, type || '/' || id, record from (
          select change_number, type, id, record from entity where change_number >= $1 and change_number < $2
          union all
          select change_number, type, id, record from entity_version where change_number >= $1 and change_number < $2
        ) change order by change_number`,
      values: [String(from), String(from + BigInt(count))],
    });
    return rows.map(([changeNumber, key, record]) => ({
      changeNumber: BigInt(defined(changeNumber, 'change_number')),
      key: defined(key, 'key'),
      record: bytesOf(record),
    }));
  }

  /** Moves the cursor; false where another publisher moved it or this session lost the lock. */
  async advance(from: bigint, to: bigint): Promise<boolean> {
    const moved = await this.#session.query({
      name: 'advance-publication',
      text: 'update publication set next_change_number = $2 where next_change_number = $1 and pg_backend_pid() = $3 returning 1',
      values: [String(from), String(to), this.#lockedPid],
    });
    return moved.length === 1;
  }

  /** Has everything from `from` on published again, by whoever is the publisher. */
  async rewind(from: bigint): Promise<void> {
    await this.#session.query({
      name: 'rewind-publication',
      text: 'update publication set next_change_number = least(next_change_number, $1)',
      values: [String(from)],
    });
  }

  close(): Promise<void> {
    return this.#session.close();
  }
}

const stateOf = ([, next, last]: Row): PublicationState => ({
  next: BigInt(defined(next, 'next_change_number')),
  last: BigInt(defined(last, 'last_change_number')),
});
