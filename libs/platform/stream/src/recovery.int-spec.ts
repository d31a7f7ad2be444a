import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { letPartitionsGoOn, stoppedPartitions, type StoppedPartition } from './stopped-partitions.ts';
import { collecting, TestStream, until } from './testing-broker.ts';

// Long enough for a consumer to look twice whether somebody has decided.
const twoLooksMs = 5_000;

let stream: TestStream;
beforeEach(async () => {
  stream = await TestStream.create(2);
});
afterEach(() => stream.close());

const stopped = (): Promise<StoppedPartition[]> =>
  stoppedPartitions({ ...stream.connection, groupId: stream.groupId, topics: [stream.topic] });
const isRefused = (consumer: { statistics(): { partitions: readonly { refused: boolean }[] } }): boolean =>
  consumer.statistics().partitions.some(({ refused }) => refused);

describe('a partition whose position is outside the log', () => {
  it('goes on at the first record there is when an operator says so, in the same process, and its neighbour never stopped', async () => {
    await stream.produce(20, { partition: 0 });
    await stream.setCommitted('5');
    await stream.deleteRecordsBelow('12');
    const seen: number[] = [];
    const consumer = stream.consumer({ handle: collecting(seen) });
    await consumer.start();
    await until(() => isRefused(consumer));
    await stream.produce(3, { from: 100, partition: 1 });
    await until(() => seen.length === 3);
    await sleep(twoLooksMs);
    expect(seen).toEqual([100, 101, 102]);
    const found = await stopped();
    expect(found).toMatchObject([{ topic: stream.topic, partition: 0, position: 5n, logStart: 12n, logEnd: 20n }]);

    await letPartitionsGoOn(stream.connection, found);
    await until(() => seen.length === 3 + 8);
    expect(seen.slice(3)).toEqual([12, 13, 14, 15, 16, 17, 18, 19]);
    await until(async () => (await stream.committed())[0] === '20');
    expect(isRefused(consumer)).toBe(false);
    expect(consumer.health()).toMatchObject({ ready: true });
    expect(await stopped()).toEqual([]);
  });

  it('goes on in a process that starts after the decision', async () => {
    await stream.produce(20, { partition: 0 });
    await stream.setCommitted('5');
    await stream.deleteRecordsBelow('12');
    await letPartitionsGoOn(stream.connection, await stopped());
    const seen: number[] = [];
    await stream.consumer({ handle: collecting(seen) }).start();
    await until(() => seen.length === 8);
    expect(seen[0]).toBe(12);
  });

  it('beyond a log that lost records begins at its start, so that nothing that is there is skipped', async () => {
    await stream.produce(10, { partition: 0 });
    await stream.setCommitted('500');
    const found = await stopped();
    expect(found).toMatchObject([
      { position: 500n, logStart: 0n, logEnd: 10n, reason: expect.stringContaining('beyond') },
    ]);
    await letPartitionsGoOn(stream.connection, found);
    const seen: number[] = [];
    await stream.consumer({ handle: collecting(seen) }).start();
    await until(() => seen.length === 10);
    await until(async () => (await stream.committed())[0] === '10');
  });

  it('stays stopped when the decision was made for another stop', async () => {
    await stream.produce(20, { partition: 0 });
    await stream.setCommitted('5');
    await stream.deleteRecordsBelow('12');
    const [found] = await stopped();
    if (found === undefined) throw new Error('nothing is stopped');
    await letPartitionsGoOn(stream.connection, [{ ...found, position: 4n }]);
    const seen: number[] = [];
    const consumer = stream.consumer({ handle: collecting(seen) });
    await consumer.start();
    await until(() => isRefused(consumer));
    await sleep(twoLooksMs);
    expect(seen).toEqual([]);
    expect(isRefused(consumer)).toBe(true);
  });

  it('of a consumer that keeps its own cursors goes on when the cursor lies in the log', async () => {
    await stream.produce(20, { partition: 0 });
    await stream.deleteRecordsBelow('12');
    let cursor = 5n;
    const seen: number[] = [];
    const consumer = stream.consumer({
      handle: collecting(seen),
      startFrom: async (assigned) => assigned.map((of) => ({ ...of, offset: of.partition === 0 ? cursor : 0n })),
    });
    await consumer.start();
    await until(() => isRefused(consumer));
    cursor = 15n;
    await until(() => seen.length === 5);
    expect(seen[0]).toBe(15);
  });

  it('is looked after no longer than its consumer runs: a stopped one asks for no cursor and no offset', async () => {
    await stream.produce(20, { partition: 0 });
    await stream.deleteRecordsBelow('12');
    let asked = 0;
    const consumer = stream.consumer({
      handle: collecting([]),
      startFrom: async (assigned) => {
        asked += 1;
        return assigned.map((of) => ({ ...of, offset: of.partition === 0 ? 5n : 0n }));
      },
    });
    await consumer.start();
    await until(() => isRefused(consumer));
    await consumer.stop();
    const askedWhenStopped = asked;
    await sleep(twoLooksMs);
    expect(asked).toBe(askedWhenStopped);
  });
});
