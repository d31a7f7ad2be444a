/**
 * Arrays as Postgres sends and takes them in binary: the driver passes a Buffer on as it is. Postgres reads each element of an array literal
 * character by character and then once more as a value of its type; here an element is copied. See ADR 0023.
 */

/** What an element of an array of each type is made of. */
export interface ArrayElements {
  /** With or without dashes; null is NULL. */
  readonly uuid: string | null;
  /** Any number of bytes, as hex digits. */
  readonly bytea: string;
  readonly bigint: bigint | string;
  readonly int: number;
  readonly smallint: number;
  readonly text: string;
  /** One ASCII character: Postgres' internal one-byte type, which has quotes in its name. */
  readonly '"char"': string;
  /** `YYYY-MM-DD`. */
  readonly date: string;
  /** Milliseconds since the Unix epoch; fractions are cut off. */
  readonly timestamptz: number;
}

export type ArrayElementType = keyof ArrayElements;

/** A column of rows that a statement takes as one array. */
export interface ArrayColumn<Row> {
  readonly name: string;
  /** Type of an element. */
  readonly type: ArrayElementType;
  /**
   * The column's values as one array.
   * @throws RangeError where a value is not one of the type; nothing is ever cut off
   */
  readonly arrayOf: (rows: readonly Row[]) => Buffer;
}

/** Declares a column; `read` takes its value from a row. */
export function arrayColumn<Row, Type extends ArrayElementType>(
  name: string,
  type: Type,
  read: (row: Row) => ArrayElements[Type],
): ArrayColumn<Row> {
  return { name, type, arrayOf: (rows) => binaryArray(type, rows, read) };
}

/** `$5::uuid[], $6::text[]`: the arguments of an unnest whose first parameter has number `first`. */
export const arrayParameters = (columns: readonly { readonly type: string }[], first: number): string =>
  columns.map(({ type }, at) => `$${first + at}::${type}[]`).join(', ');

interface ElementFormat<Element> {
  /** The type's number in pg_type. */
  readonly oid: number;
  /** Bytes an element takes at most, its length not counted. */
  readonly room: (value: Element) => number;
  /** Writes the element and returns where it ends. */
  readonly write: (value: Element, into: Buffer, at: number) => number;
}

const headerBytes = 20;
const lengthBytes = 4;
/** Where an array is put together before it is copied out; grows to the largest there was. */
let scratch = Buffer.allocUnsafe(64 * 1024);

/** Dimensions, a null flag, the element type; size and lower bound of the dimension; then each element behind its length, -1 for NULL. */
function binaryArray<Row, Type extends ArrayElementType>(
  type: Type,
  rows: readonly Row[],
  read: (row: Row) => ArrayElements[Type],
): Buffer {
  const { oid, room, write } = formats[type] as ElementFormat<NonNullable<ArrayElements[Type]>>;
  let hasNull = 0;
  let at = headerBytes;
  for (const row of rows) {
    const value = read(row);
    if (value === null) {
      hasNull = 1;
      at = need(lengthBytes, at).writeInt32BE(-1, at);
      continue;
    }
    const into = need(lengthBytes + room(value), at);
    const end = write(value, into, at + lengthBytes);
    into.writeInt32BE(end - at - lengthBytes, at);
    at = end;
  }
  scratch.writeInt32BE(rows.length === 0 ? 0 : 1, 0);
  scratch.writeInt32BE(hasNull, 4);
  scratch.writeInt32BE(oid, 8);
  scratch.writeInt32BE(rows.length, 12);
  scratch.writeInt32BE(1, 16);
  // An empty array has no dimension.
  return Buffer.from(scratch.subarray(0, rows.length === 0 ? 12 : at));
}

function need(bytes: number, at: number): Buffer {
  if (at + bytes > scratch.length) {
    const larger = Buffer.allocUnsafe(2 * (at + bytes));
    scratch.copy(larger, 0, 0, at);
    scratch = larger;
  }
  return scratch;
}

const formats: { readonly [Type in ArrayElementType]: ElementFormat<NonNullable<ArrayElements[Type]>> } = {
  uuid: { oid: 2950, room: () => 16, write: writeUuid },
  bytea: { oid: 17, room: ({ length }) => length / 2, write: writeHex },
  bigint: { oid: 20, room: () => 8, write: writeBigint },
  int: { oid: 23, room: () => 4, write: (value, into, at) => into.writeInt32BE(integer(value), at) },
  smallint: { oid: 21, room: () => 2, write: (value, into, at) => into.writeInt16BE(integer(value), at) },
  text: { oid: 25, room: ({ length }) => 3 * length, write: writeText },
  '"char"': { oid: 18, room: () => 1, write: writeCharacter },
  date: { oid: 1082, room: () => 4, write: (value, into, at) => into.writeInt32BE(daysOf(value), at) },
  timestamptz: { oid: 1184, room: () => 8, write: writeTime },
};

function integer(value: number): number {
  if (!Number.isSafeInteger(value)) throw new RangeError(`not an integer: ${value}`);
  return value;
}

const nibbleOf = new Int8Array(128).fill(-1);
for (let digit = 0; digit < 16; digit++)
  for (const character of [digit.toString(16), digit.toString(16).toUpperCase()])
    nibbleOf[character.charCodeAt(0)] = digit;

const dash = 45;

function writeUuid(value: string, into: Buffer, at: number): number {
  let end = at;
  for (let i = 0; i < value.length; end++) {
    if (value.charCodeAt(i) === dash) i += 1;
    // Past the element lies the next one's room: what is too long is found below, before it matters.
    if (end - at < 16) into[end] = byteAt(value, i);
    i += 2;
  }
  if (end - at !== 16) throw new RangeError(`not a UUID: ${JSON.stringify(value)}`);
  return end;
}

function writeHex(value: string, into: Buffer, at: number): number {
  let end = at;
  for (let i = 0; i < value.length; i += 2) into[end++] = byteAt(value, i);
  return end;
}

function byteAt(text: string, i: number): number {
  const high = nibbleOf[text.charCodeAt(i)] ?? -1;
  const low = nibbleOf[text.charCodeAt(i + 1)] ?? -1;
  if ((high | low) < 0) throw new RangeError(`not pairs of hex digits: ${JSON.stringify(text)}`);
  return (high << 4) | low;
}

/** So many digits are exact in a double. */
const exactDigits = 15;
const zero = 48;

function writeBigint(value: bigint | string, into: Buffer, at: number): number {
  const isShort = typeof value === 'string' && value.length <= exactDigits && value.charCodeAt(0) !== dash;
  if (isShort) return writeSafeInteger(digitsOf(value), into, at);
  if (typeof value === 'string' && !/^-?\d+$/.test(value)) throw new RangeError(`not an integer: ${value}`);
  return into.writeBigInt64BE(BigInt(value), at);
}

/** Ids of merchants come as digits: a BigInt would be made and thrown away for each. */
function digitsOf(text: string): number {
  let value = 0;
  for (let i = 0; i < text.length; i++) {
    const digit = text.charCodeAt(i) - zero;
    if (digit < 0 || digit > 9) throw new RangeError(`not digits: ${JSON.stringify(text)}`);
    value = 10 * value + digit;
  }
  if (text === '') throw new RangeError('not digits: ""');
  return value;
}

function writeSafeInteger(value: number, into: Buffer, at: number): number {
  const high = Math.floor(value / 2 ** 32);
  into.writeInt32BE(high, at);
  return into.writeUInt32BE(value - high * 2 ** 32, at + 4);
}

function writeText(value: string, into: Buffer, at: number): number {
  for (let i = 0; i < value.length; i++) {
    const code = value.charCodeAt(i);
    // Ids, names of states and digits are ASCII; for the short ones a call into the encoder costs more than their bytes.
    if (code > 127) return at + into.write(value, at);
    into[at + i] = code;
  }
  return at + value.length;
}

function writeCharacter(value: string, into: Buffer, at: number): number {
  const code = value.charCodeAt(0);
  if (value.length !== 1 || code > 127) throw new RangeError(`not one ASCII character: ${JSON.stringify(value)}`);
  return into.writeUInt8(code, at);
}

const dayMs = 86_400_000;
/** Postgres counts from 2000-01-01. */
const epochMs = Date.UTC(2000, 0, 1);
/** Nearly all rows of a batch are of one date. */
let newestDate = { text: '', days: 0 };

function daysOf(text: string): number {
  if (text !== newestDate.text) {
    const days = (Date.parse(text) - epochMs) / dayMs;
    if (text.length !== 10 || !Number.isInteger(days)) throw new RangeError(`not a date: ${JSON.stringify(text)}`);
    newestDate = { text, days };
  }
  return newestDate.days;
}

function writeTime(ms: number, into: Buffer, at: number): number {
  const sinceEpochMs = integer(Math.trunc(ms) - epochMs);
  const micros = sinceEpochMs * 1_000;
  return Number.isSafeInteger(micros)
    ? writeSafeInteger(micros, into, at)
    : into.writeBigInt64BE(BigInt(sinceEpochMs) * 1_000n, at);
}
