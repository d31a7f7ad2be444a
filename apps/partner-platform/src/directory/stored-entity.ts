import { decodeDirectoryChange, type DirectoryChange, type DirectoryEntity } from '@fourway/contracts';
import { defined } from '@fourway/kernel';
import { plainEntity } from './plain-entity.ts';

export type EntityType = DirectoryEntity['type'];
export type EntityStatus = DirectoryChange['status'];

export interface EntityKey {
  readonly type: EntityType;
  readonly id: string;
}

/** What somebody wants an entity to be. */
export interface Draft {
  readonly entity: DirectoryEntity;
  readonly status: EntityStatus;
  /** The tenant: the provider it belongs to; null: the network's own. */
  readonly providerId: string | null;
}

/** What an entity is: its newest version. */
export interface StoredEntity extends Draft {
  readonly version: bigint;
  /** Milliseconds since the Unix epoch. */
  readonly changedAtMs: number;
  /** Plates: true once it was ever bound to a merchant. */
  readonly wasBound: boolean;
  /** The record of directory.changed.v1, byte for byte. */
  readonly record: Buffer;
}

/** Columns of an entity as text, in the order of `storedEntityColumns`. */
export type EntityColumns = readonly (string | null)[];

export const storedEntityColumns = 'entity.provider_id, entity.was_bound, entity.record';

export function storedEntityOf([providerId, wasBound, record]: EntityColumns): StoredEntity {
  const bytes = bytesOf(record);
  return { ...changeOfRecord(bytes), providerId: providerId ?? null, wasBound: wasBound === 't', record: bytes };
}

/** A record that this service wrote, read. */
export function changeOfRecord(record: Buffer): DirectoryChange {
  const change = defined(decodeDirectoryChange(record), 'a known entity type in the directory');
  return { ...change, entity: plainEntity(change.entity) };
}

/** Postgres writes bytea as `\x` and hexadecimal digits. */
export const bytesOf = (column: string | null | undefined): Buffer =>
  Buffer.from(defined(column, 'bytea').slice(2), 'hex');

/** The key of a record of directory.changed.v1, and how a call names an entity. */
export const keyOf = ({ type, id }: EntityKey): string => `${type}/${id}`;

/** The merchant that an entity belongs to; null for one that belongs to none. */
export function merchantIdOf(entity: DirectoryEntity): string | null {
  switch (entity.type) {
    case 'merchant':
      return entity.merchant.merchantId;
    case 'store':
      return entity.store.merchantId;
    case 'terminal':
      return entity.terminal.merchantId;
    case 'plate':
      return entity.plate.merchantId === '' ? null : entity.plate.merchantId;
    case 'provider':
    case 'acquirer':
    case 'issuer':
    case 'fee_contract':
      return null;
  }
}
