import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { listDeadLetters, replayDeadLetters } from './dead-letter-queue.ts';
import type { StreamBatch } from './stream-record.ts';
import { collecting, TestStream, until, valueOf } from './testing-broker.ts';

/** Fails on some values the way a bug does: with the error kafkajs answers by ending the consumer for good. */
const failingOn =
  (poison: ReadonlySet<number>, seen: number[]) =>
  async (batch: StreamBatch): Promise<void> => {
    if (batch.records.some((record) => poison.has(valueOf(record))))
      throw new TypeError('cannot read properties of undefined');
    await collecting(seen)(batch);
  };

describe('a poison record', () => {
  let stream: TestStream;
  beforeEach(async () => {
    stream = await TestStream.create();
  });
  afterEach(async () => {
    await stream.close();
  });
  const letters = async (): Promise<number[]> =>
    (await listDeadLetters({ ...stream.connection, topic: stream.topic })).map(({ offset }) => Number(offset));

  it('that throws a TypeError costs one dead letter entry, and its partition goes on (G7)', async () => {
    const seen: number[] = [];
    await stream.produce(200);
    const consumer = stream.consumer({ handle: failingOn(new Set([17, 18, 150]), seen) });
    await consumer.start();
    await until(() => seen.length === 197);
    await until(async () => (await stream.committed())[0] === '200');
    expect(await letters()).toEqual(expect.arrayContaining([17, 18, 150]));
    expect(await letters()).toHaveLength(3);
    expect(consumer.health().live).toBe(true);
    await stream.produce(1, { from: 200 });
    await until(() => seen.includes(200));
  });

  it('delivered again adds no second live entry', async () => {
    await stream.produce(3);
    const consumer = stream.consumer({ handle: failingOn(new Set([1]), []) });
    await consumer.start();
    await until(async () => (await stream.committed())[0] === '3');
    consumer.seek({ topic: stream.topic, partition: 0, offset: 0n });
    await stream.produce(1, { from: 3 });
    await until(async () => (await stream.committed())[0] === '4');
    expect(await letters()).toEqual([1]);
  });

  it('set aside by its handler keeps the offset back until the entry is acknowledged, with the reason given', async () => {
    await stream.produce(2);
    const consumer = stream.consumer({
      handle: async (batch) => {
        for (const record of batch.records)
          batch.deadLetter(record, { code: 'undecodable', detail: 'field 3 is no varint' });
      },
    });
    await consumer.start();
    await until(async () => (await stream.committed())[0] === '2');
    const [first] = await listDeadLetters({ ...stream.connection, topic: stream.topic });
    expect(first).toMatchObject({
      id: `${stream.topic}/0/0`,
      reason: { code: 'undecodable', detail: 'field 3 is no varint' },
    });
    expect(first?.value?.toString()).toBe('0');
  });

  it('is healed by a replay once its cause is gone', async () => {
    const poison = new Set([2]);
    const seen: number[] = [];
    await stream.produce(4);
    const consumer = stream.consumer({ handle: failingOn(poison, seen) });
    await consumer.start();
    await until(async () => (await stream.committed())[0] === '4');
    poison.clear();
    const replayed = await replayDeadLetters({
      ...stream.connection,
      topic: stream.topic,
      ids: [`${stream.topic}/0/2`],
    });
    expect(replayed).toHaveLength(1);
    await until(() => seen.includes(2));
    expect(await letters()).toEqual([]);
    expect(await replayDeadLetters({ ...stream.connection, topic: stream.topic })).toEqual([]);
  });

  it('is told from a transient fault, which repeats the batch and sets nothing aside', async () => {
    const seen: number[] = [];
    let failures = 0;
    await stream.produce(10);
    const consumer = stream.consumer({
      handle: async (batch) => {
        if (failures++ < 3) throw new Error('transient');
        await collecting(seen)(batch);
      },
    });
    await consumer.start();
    await until(() => seen.length === 10);
    expect(failures).toBe(4);
    expect(await letters()).toEqual([]);
  });
});
