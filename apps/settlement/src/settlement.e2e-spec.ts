import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  allTopics,
  directoryKey,
  encodeDirectoryChange,
  encodeOutcome,
  topics,
  type DirectoryEntity,
  type Outcome,
} from '@fourway/contracts';
import { EventProducer, ensureTopics, listDeadLetters } from '@fourway/platform-stream';
import { eventually, testEngines } from '@fourway/testing';
import { approvedSale, feeContract, operationId } from './post-outcomes/outcomes.fixture.ts';
import { settlementDatabase, type SettlementDatabase } from './post-outcomes/settlement-database.fixture.ts';

/** The compiled service, as it is deployed. */
const main = fileURLToPath(new URL('../dist/main.js', import.meta.url));
const connection = { brokers: testEngines().kafka.split(','), clientId: 'settlement-e2e' };
const merchants = 40;
const startedAtMs = Date.now();
/** Wire type 7 is none, so this is no message whatever follows; the time alone may be read as fields, and then says no version. */
const poison = Buffer.from([0xff, ...Buffer.from(`poison ${startedAtMs}`)]);
const running = new Set<ChildProcess>();
let db: SettlementDatabase;
let producer: EventProducer;

beforeAll(async () => {
  db = await settlementDatabase('settlement_e2e');
  await ensureTopics({ ...connection, topics: allTopics });
  producer = new EventProducer(connection);
  await producer.connect();
  const entity: DirectoryEntity = { type: 'fee_contract', id: '7', feeContract };
  const value = encodeDirectoryChange({
    version: BigInt(startedAtMs),
    status: 'active',
    changedAtMs: startedAtMs,
    entity,
  });
  await producer.send(topics.directory.name, [{ key: directoryKey(entity), value }]);
});

afterAll(async () => {
  for (const child of running) child.kill('SIGKILL');
  await producer.disconnect();
  await db.close();
});

describe('settlement', () => {
  it('posts every approved sale once, though replicas are killed and records come twice, and stops with exit 0', async () => {
    const replicas = [await start(0), await start(1)];
    for (let from = 0; from < 4_000; from += 500) {
      await publish(from, 500);
      if (from === 1_500) replicas[0]?.child.kill('SIGKILL');
    }
    await publish(0, 500);
    await producer.send(topics.outcomes.name, [{ key: 'poison', value: poison }]);
    replicas[0] = await start(0);

    await eventually(async () => expect(await db.sql('select count(*) from fact')).toEqual([['4000']]), {
      withinMs: 60_000,
    });
    expect(await db.sql('select count(distinct operation_id), sum(gross) from fact')).toEqual([
      ['4000', String(4_000 * 12_888)],
    ]);
    expect(await db.sql('select * from imbalance')).toEqual([]);
    await eventually(async () => expect(await poisonReasons()).toEqual(['undecodable']));
    await eventually(async () =>
      expect(await metricOf(replicas[1]?.url ?? '', 'switch_ledger_imbalance_minor_units')).toBe(0),
    );

    for (const { child } of replicas) child.kill('SIGTERM');
    const codes = await Promise.all(replicas.map(({ child }) => exitCode(child)));
    expect(codes).toEqual([0, 0]);
  });
});

async function publish(from: number, count: number): Promise<void> {
  const outcomes = Array.from({ length: count }, (_, i) => saleOf(from + i));
  await producer.send(
    topics.outcomes.name,
    outcomes.map((outcome) => ({ key: outcome.merchantId, value: encodeOutcome(outcome) })),
  );
}

const saleOf = (number: number): Outcome =>
  approvedSale(number, {
    operationId: operationId(number, startedAtMs),
    merchantId: String(812_345_678_900_000 + (number % merchants)),
    businessDate: new Date(startedAtMs).toISOString().slice(0, 10),
  });

async function start(replica: number): Promise<{ child: ChildProcess; url: string }> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const env = {
    PATH: process.env['PATH'],
    FOURWAY_SERVICE: 'settlement',
    FOURWAY_REPLICA: String(replica),
    FOURWAY_HTTP_PORT: String(port),
    FOURWAY_LOG_LEVEL: 'error',
    FOURWAY_KAFKA: connection.brokers.join(','),
    FOURWAY_POSTGRES_URL: db.url,
  };
  const child = spawn(process.execPath, [main], { env, stdio: ['ignore', 'inherit', 'inherit'] });
  running.add(child);
  child.once('exit', () => running.delete(child));
  await eventually(async () => expect((await fetch(`${url}/readyz`)).status).toBe(200), { withinMs: 60_000 });
  return { child, url };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

async function exitCode(child: ChildProcess): Promise<number | null> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  return child.exitCode;
}

async function poisonReasons(): Promise<string[]> {
  const letters = await listDeadLetters({ ...connection, topic: topics.outcomes.name });
  return letters.filter(({ value }) => value?.equals(poison)).map(({ reason }) => reason.code);
}

async function metricOf(url: string, name: string): Promise<number | undefined> {
  const text = await (await fetch(`${url}/metrics`)).text();
  const line = text.split('\n').find((candidate) => candidate.startsWith(`${name}{`));
  return line === undefined ? undefined : Number(line.split(' ').at(-1));
}
