import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { allTopics, decodeOutcomeRecord, topics } from '@fourway/contracts';
import { Database } from '@fourway/platform-postgres';
import { ensureTopics, readTopic } from '@fourway/platform-stream';
import { eventually, freshDatabase, freshRedis, testEngines, type FreshDatabase } from '@fourway/testing';

/** The compiled service, as it is deployed. */
const main = fileURLToPath(new URL('../../dist/main.js', import.meta.url));
const connection = { brokers: testEngines().kafka.split(','), clientId: 'cut-cycle-e2e' };
const startedAtMs = Date.now();
const running = new Set<ChildProcess>();
let fresh: FreshDatabase;
let database: Database;
let environment: Record<string, string>;

beforeAll(async () => {
  fresh = await freshDatabase('cut_cycle_e2e');
  const url = new URL(fresh.url);
  url.searchParams.set('options', '-c search_path=routing');
  database = new Database({ url: url.href, applicationName: 'cut-cycle-e2e', maxConnections: 1 });
  await sql('create schema routing');
  await ensureTopics({ ...connection, topics: allTopics });
  environment = {
    ...{ FOURWAY_SERVICE: 'acquirer-routing', FOURWAY_LOG_LEVEL: 'error', FOURWAY_ACQUIRERS: '[]' },
    ...{
      FOURWAY_KAFKA: connection.brokers.join(','),
      FOURWAY_POSTGRES_URL: url.href,
      FOURWAY_REDIS_URL: await freshRedis(),
    },
  };
});

afterAll(async () => {
  for (const child of running) child.kill('SIGKILL');
  await database.close();
  await fresh.drop();
});

it('G10: a new owner writes the marks of one that is killed between the cut and its marks', async () => {
  const owner = await start(0);
  // Stopped first, so that it cannot have seen the cut when it is killed.
  owner.kill('SIGSTOP');
  const [row] = await sql(`select request_cut('operator')`);
  const businessDate = String(row?.[0]);
  owner.kill('SIGKILL');
  await start(1);
  await eventually(
    async () => expect(await sql('select count(*) from cut where completed_at is null')).toEqual([['0']]),
    {
      withinMs: 90_000,
      everyMs: 250,
    },
  );
  const marks = await marksOf(businessDate);
  for (let partition = 0; partition < topics.outcomes.partitions; partition++) {
    const sources = new Set(marks.filter((mark) => mark.partition === partition).map((mark) => mark.source));
    expect(sources.size).toBe(topics.scored.partitions);
  }
});

const sql = (text: string) => database.query({ name: '', text, values: [] });

async function marksOf(businessDate: string): Promise<{ partition: number; source: number }[]> {
  const marks: { partition: number; source: number }[] = [];
  await readTopic({
    ...connection,
    topic: topics.outcomes.name,
    onRecords: (records) => {
      for (const { value, partition, timestampMs } of records) {
        if (value === null || timestampMs < startedAtMs || value.toString().startsWith('poison')) continue;
        const record = decodeOutcomeRecord(value);
        if (record.kind === 'cut_mark' && record.businessDate === businessDate)
          marks.push({ partition, source: record.sourcePartition });
      }
    },
  });
  return marks;
}

async function start(replica: number): Promise<ChildProcess> {
  const port = String(await freePort());
  const env = { PATH: process.env['PATH'], FOURWAY_REPLICA: String(replica), FOURWAY_HTTP_PORT: port, ...environment };
  const child = spawn(process.execPath, [main], { env, stdio: ['ignore', 'inherit', 'inherit'] });
  running.add(child);
  child.once('exit', () => running.delete(child));
  await eventually(async () => expect((await fetch(`http://127.0.0.1:${port}/readyz`)).status).toBe(200), {
    withinMs: 60_000,
  });
  return child;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
