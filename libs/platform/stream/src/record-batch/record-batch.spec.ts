import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createRequire } from 'node:module';
import type { Message } from 'kafkajs';
import { fetchedBatchesIn } from './fetched-batch.ts';
import { batchLayout } from './layout.ts';
import { writeRecordBatch } from './write-record-batch.ts';

// kafkajs' own encoder and decoder are the reference; they have no public door.
const require = createRequire(import.meta.url);

interface TheirRecord {
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly offset: string;
  readonly timestamp: string;
  readonly headers: Record<string, Buffer>;
}
type Encoder = { readonly buffer: Buffer };
type NewDecoder = new (bytes: Buffer) => object;
interface Their {
  readonly Decoder: NewDecoder;
  readonly decode: (decoder: object) => Promise<{ readonly records: TheirRecord[] }>;
  readonly encodeRecord: (record: object) => Encoder;
  readonly encodeBatch: (batch: object) => Promise<Encoder>;
}
const parseTheirs = (loaded: Record<keyof Their, unknown>): Their => loaded as unknown as Their;
const parseBatch = (loaded: unknown): { RecordBatch: unknown } => loaded as { RecordBatch: unknown };
const theirs = parseTheirs({
  Decoder: require('kafkajs/src/protocol/decoder'),
  decode: require('kafkajs/src/protocol/recordBatch/v0/decoder'),
  encodeRecord: require('kafkajs/src/protocol/recordBatch/record/v0'),
  encodeBatch: parseBatch(require('kafkajs/src/protocol/recordBatch/v0')).RecordBatch,
});

const bytes = fc.uint8Array({ maxLength: 300 }).map((array) => Buffer.from(array));
const message: fc.Arbitrary<Message> = fc.record(
  {
    key: fc.oneof(fc.constant(null), fc.string({ unit: 'grapheme', maxLength: 40 }), bytes),
    value: fc.oneof(fc.constant(null), bytes),
    headers: fc.dictionary(
      // kafkajs finds what every object inherits and takes it for an earlier header.
      fc.string({ minLength: 1, maxLength: 12 }).filter((name) => !(name in {})),
      bytes,
    ),
  },
  { requiredKeys: ['value'] },
);
const messages = fc.array(message, { minLength: 1, maxLength: 30 });

const asBuffer = (held: Buffer | string | null | undefined): Buffer | null =>
  typeof held === 'string' ? Buffer.from(held) : (held ?? null);
const plain = ({ key, value, headers }: Message): object => ({
  key: asBuffer(key),
  value: asBuffer(value),
  headers: { ...headers },
});
const read = (batch: Buffer): { offset: bigint; timestampMs: number }[] =>
  fetchedBatchesIn(batch).flatMap((each) => Array.from({ length: each.left }, () => each.next()));

/** As the broker stores it: with offsets from `base` on. */
function stored(batch: Buffer, base: bigint): Buffer {
  const copy = Buffer.from(batch);
  copy.writeBigInt64BE(base, batchLayout.baseOffset);
  return copy;
}

const times = { firstTimestamp: 1_763_800_000_000, maxTimestamp: 1_763_800_000_000 };
// As a producer without an id writes them in Java; kafkajs leaves zeros.
const noProducer = { producerEpoch: -1, firstSequence: -1 };

describe('record batches', () => {
  it('that we write are what kafkajs reads, whatever keys, values and headers hold', async () => {
    await fc.assert(
      fc.asyncProperty(messages, async (sent) => {
        const { records } = await theirs.decode(new theirs.Decoder(writeRecordBatch(sent, 1_763_800_000_000)));
        expect(records.map(({ key, value, headers }) => ({ key, value, headers: { ...headers } }))).toEqual(
          sent.map(plain),
        );
        expect(new Set(records.map(({ timestamp }) => timestamp))).toEqual(new Set(['1763800000000']));
      }),
    );
  });

  it('carry the bytes and the checksum that kafkajs writes', async () => {
    await fc.assert(
      fc.asyncProperty(messages, async (sent) => {
        const records = sent.map((each, offsetDelta) =>
          theirs.encodeRecord({ ...each, key: each.key ?? null, offsetDelta, timestampDelta: 0 }),
        );
        const batch = await theirs.encodeBatch({ ...times, ...noProducer, records, lastOffsetDelta: sent.length - 1 });
        const ours = writeRecordBatch(sent, times.firstTimestamp);
        // kafkajs leaves a leader epoch of 0; producers send -1, and the broker overwrites it. The checksum does not cover it.
        expect(ours.subarray(batchLayout.magic)).toEqual(batch.buffer.subarray(batchLayout.magic));
      }),
    );
  });

  it('that kafkajs writes are read with offsets, times of their own, and headers', async () => {
    const later = fc.integer({ min: 0, max: 2 ** 40 });
    await fc.assert(
      fc.asyncProperty(messages, later, fc.bigInt({ min: 0n, max: 2n ** 50n }), async (sent, step, base) => {
        const records = sent.map((each, offsetDelta) =>
          theirs.encodeRecord({
            ...each,
            key: each.key ?? null,
            offsetDelta,
            timestampDelta: offsetDelta % 2 === 0 ? step : -step,
          }),
        );
        const batch = await theirs.encodeBatch({ ...times, ...noProducer, records, lastOffsetDelta: sent.length - 1 });
        const found = fetchedBatchesIn(stored(batch.buffer, base)).flatMap((each) =>
          Array.from({ length: each.left }, () => {
            const { key, value, headers, offset, timestampMs } = each.next();
            return { key, value, headers: { ...headers }, offset, timestampMs };
          }),
        );
        expect(found).toEqual(
          sent.map((each, at) => ({
            ...plain(each),
            offset: base + BigInt(at),
            timestampMs: times.firstTimestamp + (at % 2 === 0 ? step : -step),
          })),
        );
      }),
    );
  });

  it('of a fetch that ends inside a batch are read up to the last whole one', () => {
    const whole = writeRecordBatch([{ value: Buffer.from('a') }], 1);
    const next = stored(writeRecordBatch([{ value: Buffer.from('b') }], 1), 1n);
    for (let cut = 0; cut < next.length; cut += 1)
      expect(read(Buffer.concat([whole, next.subarray(0, cut)])).map(({ offset }) => offset)).toEqual([0n]);
    expect(read(Buffer.concat([whole, next])).map(({ offset }) => offset)).toEqual([0n, 1n]);
  });

  it('fetched from their middle give the records from there on', () => {
    const batch = stored(
      writeRecordBatch(
        Array.from({ length: 5 }, () => ({ value: null })),
        1,
      ),
      100n,
    );
    const [fetched] = fetchedBatchesIn(batch);
    expect(fetched?.skipBelow(103n).left).toBe(2);
    expect(fetched?.next().offset).toBe(103n);
  });

  it('have the time the broker appended them at, where the topic says so', () => {
    const batch = writeRecordBatch([{ value: null }, { value: null }], 1);
    batch.writeInt16BE(0x08, batchLayout.attributes);
    batch.writeBigInt64BE(777n, batchLayout.maxTimestamp);
    expect(read(batch).map(({ timestampMs }) => timestampMs)).toEqual([777, 777]);
  });

  it('may have a header of any name', () => {
    const headers = { constructor: Buffer.from('a'), ['__proto__']: Buffer.from('b') };
    const [fetched] = fetchedBatchesIn(writeRecordBatch([{ value: null, headers }], 1));
    expect(Object.entries(fetched?.next().headers ?? {})).toEqual(Object.entries(headers));
  });

  it('that are compressed are refused by name: their topic lacks a setting', () => {
    const batch = writeRecordBatch([{ value: null }], 1);
    batch.writeInt16BE(1, batchLayout.attributes);
    expect(() => fetchedBatchesIn(batch)).toThrow('compression.type=uncompressed');
  });
});
