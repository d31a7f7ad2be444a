import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { topics } from '@fourway/contracts';
import { Database } from '@fourway/platform-postgres';
import { deleteRecords, ensureTopics, EventProducer, StreamConsumer } from '@fourway/platform-stream';
import { eventually, freshDatabase, freshTopicPrefix, testEngines, type FreshDatabase } from '@fourway/testing';
import { findStops, type RecoverTarget, type Stops } from './find-stops.ts';
import { printRecovery, printStops } from './print-stops.ts';
import { recover } from './recover.ts';
import { moveCursors, stoppedCursors } from './settlement-cursors.ts';

const brokers = testEngines().kafka.split(',');
const connection = { brokers, clientId: 'recover-spec' };
let fresh: FreshDatabase;
let database: Database;
let topic: string;
let group: string;
let target: RecoverTarget;
let producer: EventProducer;
const consumers: StreamConsumer[] = [];

const run = (text: string, values: readonly unknown[] = []) => database.query({ name: '', text, values });

beforeEach(async () => {
  fresh = await freshDatabase('recover');
  database = new Database({ url: fresh.url, applicationName: 'recover-spec', maxConnections: 1 });
  topic = `${freshTopicPrefix()}${topics.requested.name}`;
  group = `group-${topic}`;
  target = { brokers, postgresUrl: fresh.url, topics: [topic], group };
  await ensureTopics({ ...connection, topics: [{ ...topics.requested, name: topic, partitions: 2 }] });
  producer = new EventProducer(connection);
  await producer.connect();
});

afterEach(async () => {
  await Promise.all(consumers.splice(0).map((consumer) => consumer.stop()));
  await producer.disconnect();
  await database.close();
  await fresh.drop();
});

const produce = async (partition: number, values: readonly string[]): Promise<void> => {
  await producer.send(
    topic,
    values.map((value) => ({ key: value, value: Buffer.from(value), partition })),
  );
};
const numbers = (from: number, to: number): string[] => Array.from({ length: to - from }, (_, i) => String(from + i));

async function consume(seen: string[]): Promise<StreamConsumer> {
  const consumer = new StreamConsumer({
    ...{ ...connection, groupId: group, topics: [topic], maxWaitMs: 50, commitEveryMs: 50, heartbeatMs: 200 },
    handle: async (batch) => {
      for (const record of batch.records) {
        seen.push(`${record.partition}/${String(record.value)}`);
        batch.done(record);
      }
    },
    isTransient: () => false,
    onFatal: () => undefined,
  });
  consumers.push(consumer);
  await consumer.start();
  return consumer;
}

/** A group that has read ten records of each partition, and whose log has lost more than that of the first one. */
async function stopped(): Promise<Stops> {
  await produce(0, numbers(0, 10));
  await produce(1, numbers(0, 10));
  const seen: string[] = [];
  const reader = await consume(seen);
  await eventually(() => expect(seen).toHaveLength(20));
  await reader.stop();
  await produce(0, numbers(10, 30));
  await deleteRecords({ ...connection, topic, partition: 0, before: 25n });
  return findStops(target);
}

describe('fourway recover', () => {
  it('says that nothing is stopped where every position lies in its log', async () => {
    await produce(0, numbers(0, 3));
    const stops = await findStops(target);
    expect(stops.partitions).toEqual([]);
    expect(printStops(stops)).toMatch(/^nothing is stopped/);
  });

  it('says what is stopped, why, and which offsets are gone, and changes nothing by saying so', async () => {
    const stops = await stopped();
    expect(stops.partitions).toMatchObject([
      {
        groupId: group,
        topic,
        partition: 0,
        position: 10n,
        logStart: 25n,
        logEnd: 30n,
        gone: { from: 10n, to: 25n },
        members: 0,
      },
    ]);
    expect(printStops(stops)).toContain('10 to 24: 15');
    expect(await findStops(target)).toEqual(stops);
    expect(await findStops({ ...target, partition: 1 })).toMatchObject({ partitions: [] });
  });

  it('lets a running service go on without a restart, and skips nothing that is there', async () => {
    await stopped();
    const seen: string[] = [];
    const consumer = await consume(seen);
    await eventually(() => expect(consumer.health().reason).toContain('refused'));
    const stops = await findStops(target);
    expect(stops.partitions).toMatchObject([{ members: 1 }]);
    const recovery = await recover(target, stops);
    expect(recovery).toEqual({ cursorsMoved: 0, goingOn: 1, waiting: [] });
    expect(printRecovery(recovery)).toBe('1 of 1 partitions go on without a restart');
    await eventually(() => expect(seen).toEqual(numbers(25, 30).map((value) => `0/${value}`)));
    expect(consumer.health()).toMatchObject({ ready: true });
    expect((await findStops(target)).partitions).toEqual([]);
  });

  it('says so where nobody runs, and the service goes on when it starts', async () => {
    const recovery = await recover(target, await stopped(), 1_000);
    expect(recovery).toMatchObject({ goingOn: 0, waiting: [{ partition: 0 }] });
    expect(printRecovery(recovery)).toContain('goes on when the group has members');
    const seen: string[] = [];
    await consume(seen);
    await eventually(() => expect(seen).toHaveLength(5));
  });

  it("finds settlement's own cursors outside the log, and moves each only from where it was seen", async () => {
    await run(`create schema settlement`);
    await run(
      `create table settlement.cursor (topic text, partition smallint, next_offset bigint, primary key (topic, partition))`,
    );
    await run(`insert into settlement.cursor values ($1, 0, 10), ($1, 1, 100), ('other', 0, 7)`, [topic]);
    const at = { topic, committed: -1n };
    const offsets = [
      { ...at, partition: 0, logStart: 25n, logEnd: 30n },
      { ...at, partition: 1, logStart: 0n, logEnd: 10n },
    ];
    const found = await stoppedCursors(database, offsets);
    expect(found).toEqual([
      { topic, partition: 0, nextOffset: 10n, logStart: 25n, logEnd: 30n },
      { topic, partition: 1, nextOffset: 100n, logStart: 0n, logEnd: 10n },
    ]);
    await run('update settlement.cursor set next_offset = 26 where partition = 0 and topic = $1', [topic]);
    expect(await moveCursors(database, found)).toBe(1);
    const rows = await run('select partition, next_offset from settlement.cursor where topic = $1 order by 1', [topic]);
    expect(rows).toEqual([
      ['0', '26'],
      ['1', '0'],
    ]);
  });

  it('counts what is open and finishes by itself', async () => {
    await run('create schema routing');
    await run('create table routing.parked as select 1 from generate_series(1, 3)');
    const { openWork } = await findStops(target);
    expect(openWork).toEqual({ parked: 3, reversals: 0, outbox: 0 });
  });
});
