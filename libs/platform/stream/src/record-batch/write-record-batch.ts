import { crc32c } from '@node-rs/crc32';
import type { Message } from 'kafkajs';
import { batchLayout as at, beforeLengthBytes, magicNumber } from './layout.ts';
import { writeVarint } from './varint.ts';

/** A varint has at most five bytes. */
const mostVarintBytes = 5;
/** Attributes of a record: none. */
const attributesBytes = 1;
/** No producer id, epoch or sequence: duplicates die by operation id. */
const none = -1;

/**
 * Kafka's record batch v2 (KIP-98) of these messages, uncompressed, written into one buffer. The client's own encoder makes
 * several buffers a record, and was the largest cost of producing.
 */
export function writeRecordBatch(messages: readonly Message[], nowMs: number): Buffer {
  let end: number = at.records;
  const target = Buffer.allocUnsafe(messages.reduce((sum, message) => sum + mostBytesOf(message), end));
  for (const [delta, message] of messages.entries()) end = writeRecord(target, end, { message, delta });
  const batch = target.subarray(0, end);
  writeHeader(batch, messages.length, nowMs);
  return batch;
}

function writeHeader(batch: Buffer, count: number, nowMs: number): void {
  batch.writeBigInt64BE(0n, at.baseOffset);
  batch.writeInt32BE(batch.length - beforeLengthBytes, at.length);
  batch.writeInt32BE(none, at.leaderEpoch);
  batch.writeInt8(magicNumber, at.magic);
  batch.writeInt16BE(0, at.attributes);
  batch.writeInt32BE(count - 1, at.lastOffsetDelta);
  batch.writeBigInt64BE(BigInt(nowMs), at.baseTimestamp);
  batch.writeBigInt64BE(BigInt(nowMs), at.maxTimestamp);
  batch.writeBigInt64BE(BigInt(none), at.producerId);
  batch.writeInt16BE(none, at.producerEpoch);
  batch.writeInt32BE(none, at.baseSequence);
  batch.writeInt32BE(count, at.count);
  batch.writeUInt32BE(crc32c(batch.subarray(at.attributes)), at.crc);
}

const mostBytesOf = ({ key, value, headers }: Message): number =>
  5 * mostVarintBytes +
  attributesBytes +
  mostBytesOfHeld(key) +
  mostBytesOfHeld(value) +
  headersOf(headers).reduce(
    (sum, [name, held]) => sum + 2 * mostVarintBytes + mostBytesOfHeld(name) + mostBytesOfHeld(held),
    mostVarintBytes,
  );

/** UTF-8 takes at most three bytes a UTF-16 unit. */
const mostBytesOfHeld = (held: Held | undefined): number =>
  typeof held === 'string' ? 3 * held.length : (held?.length ?? 0);

function writeRecord(target: Buffer, start: number, { message, delta }: { message: Message; delta: number }): number {
  // The body's length stands before it and has a length of its own: the body is written behind the longest and moved up.
  const bodyAt = start + mostVarintBytes;
  target[bodyAt] = 0;
  let end = writeVarint(target, bodyAt + attributesBytes, 0);
  end = writeVarint(target, end, delta);
  end = writeHeld(target, end, message.key ?? null);
  end = writeHeld(target, end, message.value);
  end = writeHeaders(target, end, message.headers);
  const movedTo = writeVarint(target, start, end - bodyAt);
  target.copyWithin(movedTo, bodyAt, end);
  return movedTo + (end - bodyAt);
}

type Held = Buffer | string | null;

function writeHeld(target: Buffer, start: number, held: Held): number {
  if (held === null) return writeVarint(target, start, none);
  if (typeof held === 'string') return writeText(target, start, held);
  const from = writeVarint(target, start, held.length);
  target.set(held, from);
  return from + held.length;
}

function writeText(target: Buffer, start: number, text: string): number {
  const length = Buffer.byteLength(text);
  const from = writeVarint(target, start, length);
  return from + target.write(text, from, length, 'utf8');
}

function writeHeaders(target: Buffer, start: number, headers: Message['headers']): number {
  const list = headersOf(headers);
  let end = writeVarint(target, start, list.length);
  for (const [name, held] of list) end = writeHeld(target, writeText(target, end, name), held);
  return end;
}

const noHeaders: [name: string, held: Held][] = [];

/** A header that has several values is several headers of one name. */
function headersOf(headers: Message['headers']): [name: string, held: Held][] {
  if (headers === undefined) return noHeaders;
  return Object.entries(headers).flatMap(([name, held]) =>
    [held ?? null].flat().map((each): [string, Held] => [name, each]),
  );
}
