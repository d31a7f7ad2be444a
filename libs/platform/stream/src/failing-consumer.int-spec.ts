import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { collecting, TestStream, until } from './testing-broker.ts';

describe('a consumer that cannot go on', () => {
  let stream: TestStream;
  beforeEach(async () => {
    stream = await TestStream.create();
  });
  afterEach(async () => {
    await stream.close();
  });

  it('ends the process when an open record makes no progress (G9)', async () => {
    const fatal: Error[] = [];
    await stream.produce(1);
    const consumer = stream.consumer({
      stallTimeoutMs: 1_500,
      drainTimeoutMs: 100,
      handle: async () => undefined,
      onFatal: (error) => fatal.push(error),
    });
    await consumer.start();
    await until(() => fatal.length > 0);
    expect(fatal[0]?.message).toMatch(/no progress .* 1 records open/);
    expect(consumer.health()).toMatchObject({ live: false, ready: false });
  });

  it('ends the process when a transient fault does not pass', async () => {
    const fatal: Error[] = [];
    await stream.produce(1);
    const consumer = stream.consumer({
      stallTimeoutMs: 1_500,
      drainTimeoutMs: 100,
      onFatal: (error) => fatal.push(error),
      handle: async () => {
        throw new Error('transient');
      },
    });
    await consumer.start();
    await until(() => fatal.length > 0);
  });

  it('stays alive while there is nothing to do', async () => {
    const fatal: Error[] = [];
    const consumer = stream.consumer({
      stallTimeoutMs: 1_000,
      handle: collecting([]),
      onFatal: (error) => fatal.push(error),
    });
    await consumer.start();
    await sleep(4_000);
    expect(fatal).toEqual([]);
    expect(consumer.health()).toEqual({ live: true, ready: true, lagRecords: 0 });
  });

  it('refuses a partition whose committed offset was deleted from the log, instead of skipping to what is left', async () => {
    await stream.produce(20);
    await stream.setCommitted('5');
    await stream.deleteRecordsBelow('12');
    const seen: number[] = [];
    const consumer = stream.consumer({ handle: collecting(seen) });
    await consumer.start();
    await until(() => consumer.statistics().partitions[0]?.refused === true);
    await sleep(500);
    expect(seen).toEqual([]);
    expect(await stream.committed()).toEqual(['5']);
    expect(consumer.health()).toMatchObject({ live: true, ready: false });
  });

  it('refuses a partition whose log is deleted under it while it reads', async () => {
    const seen: number[] = [];
    let isBlocked = false;
    await stream.produce(10);
    const consumer = stream.consumer({
      maxOpenRecords: 10,
      drainTimeoutMs: 100,
      handle: async (batch) => {
        while (isBlocked) await sleep(20);
        await collecting(seen)(batch);
      },
    });
    await consumer.start();
    await until(() => seen.length === 10);
    await until(async () => (await stream.committed())[0] === '10');
    isBlocked = true;
    try {
      await stream.produce(10, { from: 10 });
      await until(() => consumer.statistics().openRecords === 10);
      await stream.produce(10, { from: 20 });
      // Fetched and waiting for room; what comes after it is not fetched before these are admitted.
      await until(() => consumer.health().lagRecords === 20);
      await stream.produce(100, { from: 30 });
      await stream.deleteRecordsBelow('60');
    } finally {
      isBlocked = false;
    }
    await until(() => consumer.statistics().partitions[0]?.refused === true);
    await until(async () => (await stream.committed())[0] === '30');
    expect(seen.filter((value) => value >= 60)).toEqual([]);
    expect(seen).toHaveLength(30);
  });
});
