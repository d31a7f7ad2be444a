import { afterEach, beforeEach, expect, it } from '@jest/globals';
import kafkajs from 'kafkajs';
import { connectTo } from './kafka-client.ts';
import { collecting, TestStream, until } from './testing-broker.ts';

let stream: TestStream;
beforeEach(async () => {
  stream = await TestStream.create();
});
afterEach(async () => {
  await stream.close();
});

/** As an upstream's client does it: our own record format writes no transactions. */
async function inTransaction(values: readonly number[], end: 'commit' | 'abort'): Promise<void> {
  const ours = kafkajs.RecordFormat.write;
  const producer = connectTo(stream.connection).producer({
    ...{ transactionalId: `${stream.topic}-tx`, idempotent: true, maxInFlightRequests: 1 },
  });
  kafkajs.RecordFormat.write = undefined;
  try {
    await producer.connect();
    const transaction = await producer.transaction();
    await transaction.send({ topic: stream.topic, messages: values.map((value) => ({ value: String(value) })) });
    await transaction[end]();
  } finally {
    kafkajs.RecordFormat.write = ours;
    await producer.disconnect();
  }
}

it('an upstream that produces in transactions is read: what it aborted is left out, and the marks between stop nothing', async () => {
  const seen: number[] = [];
  const consumer = stream.consumer({ handle: collecting(seen) });
  await consumer.start();
  await stream.produce(2);
  await until(() => seen.length === 2);
  // Fetched alone, a mark or an aborted record is a batch without any record for us.
  await inTransaction([10, 11], 'commit');
  await until(() => seen.length === 4);
  await inTransaction([90, 91], 'abort');
  await inTransaction([12], 'commit');
  await stream.produce(1, { from: 2 });
  await until(() => seen.length === 6);
  expect(seen.toSorted((a, b) => a - b)).toEqual([0, 1, 2, 10, 11, 12]);
  // Two records, then two and a mark, two aborted and their mark, one and a mark, one.
  await until(async () => (await stream.committed())[0] === '11');
  expect(consumer.health()).toMatchObject({ live: true, ready: true, lagRecords: 0 });
});
