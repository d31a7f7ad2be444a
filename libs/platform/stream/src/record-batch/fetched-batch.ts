import type { StreamHeaders } from '../stream-record.ts';
import { attributeBits, batchLayout as at, beforeLengthBytes } from './layout.ts';
import { VarintCursor } from './varint.ts';

interface BatchBase {
  readonly offset: bigint;
  readonly timestampMs: number;
  /** Set where the broker's time counts and not the producer's. */
  readonly appendedAtMs: number | null;
}

/** One record of a batch. Key and headers are read when they are asked for: few ask. */
export class RawRecord {
  readonly offset: bigint;
  readonly timestampMs: number;
  readonly value: Buffer | null;
  readonly #bytes: Buffer;
  readonly #keyAt: number;
  readonly #keyLength: number;
  readonly #headersAt: number;

  /** @param cursor stands behind the record's attributes, and behind its value afterwards */
  constructor(cursor: VarintCursor, base: BatchBase) {
    const timestampMs = base.timestampMs + cursor.long();
    this.timestampMs = base.appendedAtMs ?? timestampMs;
    this.offset = base.offset + BigInt(cursor.int());
    this.#bytes = cursor.bytes;
    this.#keyLength = cursor.int();
    this.#keyAt = cursor.pass(this.#keyLength);
    const valueLength = cursor.int();
    this.value = slice(cursor.bytes, cursor.pass(valueLength), valueLength);
    this.#headersAt = cursor.at;
  }

  get key(): Buffer | null {
    return slice(this.#bytes, this.#keyAt, this.#keyLength);
  }

  get headers(): StreamHeaders {
    return readHeaders(this.#bytes, this.#headersAt);
  }
}

/**
 * One of Kafka's record batches (v2) as it was fetched. Its records are read when it is their turn: until then they are one
 * buffer, not thousands of objects for the garbage collector to walk.
 *
 * To the client it stands for one message, whose offset is the batch's last; it looks at the four public fields.
 */
export class FetchedBatch {
  readonly offset: string;
  readonly key: Buffer | null;
  readonly isControlRecord: boolean;
  readonly batchContext: { readonly producerId: string; readonly inTransaction: boolean };
  readonly #cursor: VarintCursor;
  readonly #base: BatchBase;
  #left: number;

  /** @param bytes one whole batch, uncompressed */
  constructor(bytes: Buffer) {
    const attributes = bytes.readInt16BE(at.attributes);
    if ((attributes & attributeBits.compression) !== 0)
      throw new Error('a fetched record batch is compressed: its topic needs compression.type=uncompressed');
    this.#cursor = new VarintCursor(bytes, at.records);
    this.#base = {
      offset: bytes.readBigInt64BE(at.baseOffset),
      timestampMs: Number(bytes.readBigInt64BE(at.baseTimestamp)),
      appendedAtMs:
        (attributes & attributeBits.logAppendTime) === 0 ? null : Number(bytes.readBigInt64BE(at.maxTimestamp)),
    };
    this.#left = bytes.readInt32BE(at.count);
    this.offset = String(this.#base.offset + BigInt(bytes.readInt32BE(at.lastOffsetDelta)));
    this.isControlRecord = (attributes & attributeBits.control) !== 0;
    this.batchContext = {
      producerId: String(bytes.readBigInt64BE(at.producerId)),
      inTransaction: (attributes & attributeBits.transactional) !== 0,
    };
    // A control batch holds one record; its key tells a commit from an abort.
    this.key = this.isControlRecord ? this.next().key : null;
  }

  /** Records that were not read yet. */
  get left(): number {
    return this.#left;
  }

  /** Passes over the records below `offset`: a fetch from the middle of a batch brings all of it. */
  skipBelow(offset: bigint): this {
    while (this.#left > 0) {
      const before = this.#cursor.at;
      if (this.next().offset < offset) continue;
      this.#cursor.at = before;
      this.#left += 1;
      return this;
    }
    return this;
  }

  /** The next record; to be asked for while some are left. */
  next(): RawRecord {
    const cursor = this.#cursor;
    const end = cursor.int() + cursor.at;
    // Attributes of a record have no bits yet.
    cursor.pass(1);
    const record = new RawRecord(cursor, this.#base);
    cursor.at = end;
    this.#left -= 1;
    return record;
  }
}

/**
 * The record batches in the bytes that a fetch brought of one partition. The broker cuts the last one off where the most bytes
 * asked for are reached; it comes again, whole.
 */
export function fetchedBatchesIn(bytes: Buffer): FetchedBatch[] {
  const batches: FetchedBatch[] = [];
  for (let start = 0; start + at.records <= bytes.length;) {
    const end = start + beforeLengthBytes + bytes.readInt32BE(start + at.length);
    if (end > bytes.length) break;
    batches.push(new FetchedBatch(bytes.subarray(start, end)));
    start = end;
  }
  return batches;
}

const slice = (bytes: Buffer, start: number, length: number): Buffer | null =>
  length < 0 ? null : bytes.subarray(start, start + length);

const noHeaders: StreamHeaders = Object.freeze({});

/** The last value of each name. */
function readHeaders(bytes: Buffer, start: number): StreamHeaders {
  const cursor = new VarintCursor(bytes, start);
  const count = cursor.int();
  if (count === 0) return noHeaders;
  const headers: [name: string, value: Buffer][] = [];
  for (let read = 0; read < count; read += 1) {
    const nameLength = cursor.int();
    const nameAt = cursor.pass(nameLength);
    const length = cursor.int();
    const value = slice(bytes, cursor.pass(length), length);
    const name = bytes.toString('utf8', nameAt, nameAt + nameLength);
    if (value !== null) headers.push([name, value]);
  }
  // Any name may come, __proto__ too.
  return Object.fromEntries(headers);
}
