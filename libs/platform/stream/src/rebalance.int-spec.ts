import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import type { StreamBatch } from './stream-record.ts';
import { collecting, TestStream, until, valueOf } from './testing-broker.ts';

describe('a rebalance', () => {
  let stream: TestStream;
  beforeEach(async () => {
    stream = await TestStream.create(4);
  });
  afterEach(async () => {
    await stream.close();
  });

  it('while records are open commits nothing for partitions that were given away', async () => {
    const open: (() => void)[] = [];
    const first = stream.consumer({
      drainTimeoutMs: 100,
      handle: async (batch) => {
        for (const record of batch.records)
          open.push(() => {
            batch.done(record);
          });
      },
    });
    for (const partition of [0, 1, 2, 3]) await stream.produce(5, { partition });
    await first.start();
    await until(() => open.length === 20);
    const held = open.splice(0);
    const second = stream.consumer({ handle: async () => undefined, drainTimeoutMs: 100 });
    await second.start();
    await until(() => first.assignment.length === 2 && second.assignment.length === 2);
    for (const done of held) done();
    await sleep(500);
    expect(await stream.committed()).toEqual(['-1', '-1', '-1', '-1']);
  });

  it('with members joining and leaving under load loses nothing', async () => {
    const seen = new Set<number>();
    const handle = async (batch: StreamBatch): Promise<void> => {
      const values: number[] = [];
      await sleep(5);
      await collecting(values)(batch);
      for (const value of values) seen.add(value);
    };
    const total = 40_000;
    const producing = (async () => {
      for (let from = 0; from < total; from += 500) {
        await stream.produce(500, { from });
        await sleep(40);
      }
    })();
    const create = () => stream.consumer({ handle, maxBatch: 200 });
    const members = [create(), create(), create()] as const;
    await members[0].start();
    await sleep(700);
    await members[1].start();
    await sleep(700);
    await members[2].start();
    await sleep(700);
    await members[0].stop();
    await sleep(700);
    await members[1].stop();
    await producing;
    await until(() => seen.size === total);
    await until(async () => (await stream.committed()).reduce((sum, offset) => sum + Number(offset), 0) === total);
  });

  it('gives a new member what the old one had not finished', async () => {
    for (const partition of [0, 1, 2, 3]) await stream.produce(10, { partition, from: partition * 10 });
    const finished: number[] = [];
    const first = stream.consumer({
      drainTimeoutMs: 100,
      handle: async (batch) => {
        for (const record of batch.records) {
          if (valueOf(record) % 10 >= 5) continue;
          finished.push(valueOf(record));
          batch.done(record);
        }
      },
    });
    await first.start();
    await until(() => finished.length === 20);
    await first.stop();
    const seen: number[] = [];
    await stream.consumer({ handle: collecting(seen) }).start();
    await until(() => seen.length >= 20);
    expect(seen.toSorted((a, b) => a - b)).toEqual([
      5, 6, 7, 8, 9, 15, 16, 17, 18, 19, 25, 26, 27, 28, 29, 35, 36, 37, 38, 39,
    ]);
  });
});
