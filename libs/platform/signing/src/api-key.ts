import { hkdfSync } from 'node:crypto';

const salt = 'fourway-api-key-v1';
const keyBytes = 32;
const masterKeyBytes = 32;

/** Who may hold a key: a merchant, a service provider, a payers' app, an operator. */
export const principalTypes = ['merchant', 'provider', 'wallet', 'operator'] as const;
export type PrincipalType = (typeof principalTypes)[number];

/** One generation of one principal's key. */
export interface KeyId {
  /** `<type>:<id>`. */
  readonly principal: string;
  readonly type: PrincipalType;
  /** Merchant id, provider id or name, without the type. */
  readonly id: string;
  /** From 1. */
  readonly version: number;
}

const keyIdPattern =
  /^(?<principal>(?<type>merchant|provider|wallet|operator):(?<id>[0-9A-Za-z_-]{1,32}))\.(?<version>[1-9]\d{0,8})$/;

/** Reads the `Fourway-Key` header; null where it names no key. */
export function parseKeyId(text: string): KeyId | null {
  const { principal, type, id, version } = keyIdPattern.exec(text)?.groups ?? {};
  const known = principalTypes.find((candidate) => candidate === type);
  if (known === undefined || principal === undefined || id === undefined) return null;
  return { principal, type: known, id, version: Number(version) };
}

/** Writes the `Fourway-Key` header. */
export const formatKeyId = ({ principal, version }: Pick<KeyId, 'principal' | 'version'>): string =>
  `${principal}.${version}`;

/**
 * The key of one principal and version: HKDF-SHA256 (RFC 5869) of the master key, 32 bytes. Keys are never stored.
 * @param principal `<type>:<id>`, for example `merchant:812345678900001`
 * @throws RangeError when the master key is not 32 bytes: a shorter one would weaken every key silently
 */
export function deriveApiKey(masterKey: Buffer, principal: string, version: number): Buffer {
  if (masterKey.length !== masterKeyBytes)
    throw new RangeError(`the master key has ${masterKey.length} bytes; it must have ${masterKeyBytes}`);
  return Buffer.from(hkdfSync('sha256', masterKey, salt, formatKeyId({ principal, version }), keyBytes));
}
