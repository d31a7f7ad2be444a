import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import type { StreamBatch, StreamRecord } from './stream-record.ts';
import { collecting, TestStream, until, valueOf } from './testing-broker.ts';

const numbers = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

describe('StreamConsumer on a real broker', () => {
  let stream: TestStream;
  beforeEach(async () => {
    stream = await TestStream.create();
  });
  afterEach(async () => {
    await stream.close();
  });

  it('hands over every record once and in order within its partition', async () => {
    const seen: number[] = [];
    await stream.produce(5_000);
    const consumer = stream.consumer({ handle: collecting(seen), maxBatch: 700, maxInFlightBatches: 1 });
    await consumer.start();
    await until(() => seen.length >= 5_000);
    expect(seen).toEqual(numbers(5_000));
  });

  it('gives batches that run side by side their turns in order, also where an earlier one has to be repeated', async () => {
    const seen: number[] = [];
    await stream.produce(1_000);
    let nextMs = 0;
    const consumer = stream.consumer({
      maxBatch: 50,
      maxInFlightBatches: 3,
      handle: async (batch) => {
        // Each one slower than the next, and every second one fails the first time.
        nextMs = nextMs === 0 ? 40 : nextMs - 20;
        await sleep(nextMs);
        if (nextMs === 20) throw new Error('transient');
        await batch.turn;
        await collecting(seen)(batch);
      },
    });
    await consumer.start();
    await until(() => seen.length === 1_000);
    expect(seen).toEqual(numbers(1_000));
  });

  it('commits no offset past an open record, whatever is done behind it (offset-commit-correctness)', async () => {
    const held: (() => void)[] = [];
    const handle = async (batch: StreamBatch): Promise<void> => {
      for (const record of batch.records) {
        if (valueOf(record) === 3)
          held.push(() => {
            batch.done(record);
          });
        else batch.done(record);
      }
    };
    await stream.produce(100);
    const consumer = stream.consumer({ handle });
    await consumer.start();
    await until(async () => (await stream.committed())[0] === '3');
    await sleep(300);
    expect(await stream.committed()).toEqual(['3']);
    for (const release of held) release();
    await until(async () => (await stream.committed())[0] === '100');
  });

  it('redelivers to the next process exactly what was not committed', async () => {
    await stream.produce(10);
    const first = stream.consumer({
      drainTimeoutMs: 100,
      handle: async (batch) => {
        for (const record of batch.records) if (valueOf(record) < 4) batch.done(record);
      },
    });
    await first.start();
    await until(async () => (await stream.committed())[0] === '4');
    await first.stop();
    const seen: number[] = [];
    await stream.consumer({ handle: collecting(seen) }).start();
    await until(() => seen.length >= 6);
    expect(seen).toEqual([4, 5, 6, 7, 8, 9]);
  });

  it('never holds more open records than allowed, and keeps its membership while it waits (backpressure)', async () => {
    const open: { batch: StreamBatch; record: StreamRecord }[] = [];
    let seen = 0;
    await stream.produce(3_000);
    const consumer = stream.consumer({
      maxOpenRecords: 250,
      maxBatch: 100,
      maxInFlightBatches: 50,
      sessionTimeoutMs: 6_000,
      handle: async (batch) => {
        seen += batch.records.length;
        open.push(...batch.records.map((record) => ({ batch, record })));
      },
    });
    await consumer.start();
    await until(() => open.length === 250);
    await sleep(8_000);
    expect(seen).toBe(250);
    expect(consumer.statistics().openRecords).toBe(250);
    let largest = 0;
    while (seen < 3_000 || open.length > 0) {
      largest = Math.max(largest, consumer.statistics().openRecords);
      for (const { batch, record } of open.splice(0, 40)) batch.done(record);
      await sleep(1);
    }
    expect(largest).toBeLessThanOrEqual(250);
    // Evicted and joined again, it would have been handed records twice.
    expect(seen).toBe(3_000);
  });

  it('finishes open work, commits it and leaves when stopped (shutdown)', async () => {
    let started = 0;
    let finished = 0;
    await stream.produce(50);
    const consumer = stream.consumer({
      maxBatch: 10,
      handleAll: true,
      handle: async (batch) => {
        started += batch.records.length;
        await sleep(400);
        finished += batch.records.length;
      },
    });
    await consumer.start();
    await until(() => started > 0);
    await consumer.stop();
    expect(finished).toBe(started);
    expect(started).toBeLessThan(50);
    expect(await stream.committed()).toEqual([String(finished)]);
    expect(consumer.health()).toMatchObject({ ready: false, reason: 'consumer is stopped' });
  });

  it('stops in time although a record never gets done', async () => {
    await stream.produce(1);
    let seen = 0;
    const consumer = stream.consumer({
      drainTimeoutMs: 300,
      handle: async ({ records }) => {
        seen += records.length;
      },
    });
    await consumer.start();
    await until(() => seen === 1);
    const startedAt = Date.now();
    await consumer.stop();
    expect(Date.now() - startedAt).toBeLessThan(9_000);
    expect(await stream.committed()).toEqual(['-1']);
  });

  it("starts at the caller's own cursor, not at what the group committed (startFrom)", async () => {
    await stream.produce(20);
    await stream.setCommitted('15');
    const seen: number[] = [];
    await stream
      .consumer({
        handle: collecting(seen),
        startFrom: async ([first]) => (first === undefined ? [] : [{ ...first, offset: 7n }]),
      })
      .start();
    await until(() => seen.length >= 13);
    expect(seen[0]).toBe(7);
  });

  it('seeks back, and completions of records handed over before move nothing', async () => {
    await stream.produce(10);
    const before: (() => void)[] = [];
    const seen: number[] = [];
    let hasSought = false;
    const consumer = stream.consumer({
      handle: async (batch) => {
        for (const record of batch.records) {
          seen.push(valueOf(record));
          if (!hasSought)
            before.push(() => {
              batch.done(record);
            });
        }
      },
    });
    await consumer.start();
    await until(() => seen.length === 10);
    hasSought = true;
    consumer.seek({ topic: stream.topic, partition: 0, offset: 6n });
    for (const done of before) done();
    await until(() => seen.length === 14);
    expect(seen.slice(10)).toEqual([6, 7, 8, 9]);
    await sleep(300);
    expect(['-1', '6']).toContain((await stream.committed())[0]);
  });

  it('tells its lag and its readiness', async () => {
    await stream.produce(10);
    let canFinish = false;
    const open: (() => void)[] = [];
    const consumer = stream.consumer({
      handle: async (batch) => {
        for (const record of batch.records) {
          if (canFinish) batch.done(record);
          else
            open.push(() => {
              batch.done(record);
            });
        }
      },
    });
    expect(consumer.health()).toMatchObject({ live: true, ready: false });
    await consumer.start();
    await until(() => open.length === 10);
    expect(consumer.health()).toEqual({ live: true, ready: true, lagRecords: 10 });
    canFinish = true;
    for (const done of open) done();
    expect(consumer.health()).toEqual({ live: true, ready: true, lagRecords: 0 });
    expect(consumer.assignment).toEqual([{ topic: stream.topic, partition: 0 }]);
  });
});
