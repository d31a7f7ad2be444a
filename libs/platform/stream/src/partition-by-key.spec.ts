import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import kafkajs from 'kafkajs';
import { partitionByKey } from './partition-by-key.ts';

const metadata = (count: number) =>
  Array.from({ length: count }, (_, partitionId) => ({
    ...{ partitionId, leader: 1, partitionErrorCode: 0, replicas: [1], isr: [1] },
  }));

describe('partitionByKey', () => {
  it('puts every key where the client library and the Java clients put it', () => {
    const reference = kafkajs.Partitioners.DefaultPartitioner();
    const ours = partitionByKey();
    const keys = fc.oneof(
      fc.string({ unit: 'binary', minLength: 1 }),
      fc.uuid(),
      fc.uint8Array({ minLength: 1 }).map((b) => Buffer.from(b)),
    );
    fc.assert(
      fc.property(keys, fc.integer({ min: 1, max: 100 }), (key, count) => {
        const message = { key, value: null };
        const partitionMetadata = metadata(count);
        expect(ours({ partitionMetadata, message })).toBe(reference({ topic: 't', partitionMetadata, message }));
      }),
      { numRuns: 2_000 },
    );
  });

  it('obeys a partition that the message names', () => {
    expect(partitionByKey()({ partitionMetadata: metadata(12), message: { key: 'k', partition: 7 } })).toBe(7);
  });
});
