/** Canonical lower-case UUID of version 7 (RFC 9562 §5.7), the form of every operation id. */
export type OperationId = string;

const uuidV7Pattern = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const uuidPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-9a-f][0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** True for a canonical UUIDv7. Upper case is refused: Postgres would fold it, and one operation would have two spellings. */
export const isUuidV7 = (text: string): boolean => uuidV7Pattern.test(text);

/** True for a canonical UUID of any version. */
export const isUuid = (text: string): boolean => uuidPattern.test(text);

/** Milliseconds since the Unix epoch that a canonical UUIDv7 carries in its first 48 bits. */
export const uuidV7Ms = (id: OperationId): number => parseInt(id.slice(0, 8) + id.slice(9, 13), 16);

/**
 * A UUIDv7 made of a time and random bytes; both come from the caller, so ids can be replayed.
 * @param atMs milliseconds since the Unix epoch, 0 to 2^48 - 1
 * @param random at least 10 bytes
 */
export function uuidV7(atMs: number, random: Uint8Array): OperationId {
  const bytes = Buffer.alloc(16);
  bytes.writeUIntBE(atMs, 0, 6);
  bytes.set(random.subarray(0, 10), 6);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x70, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = bytes.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** The smallest UUID whose time is `atMs`: the bound of an id partition. */
export function uuidV7Floor(atMs: number): OperationId {
  const hex = atMs.toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-0000-0000-000000000000`;
}
