import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { Database, isTransient } from '@fourway/platform-postgres';
import { freshDatabase } from './fresh-database.ts';

// A way to Postgres that can be cut between a statement and its answer.
const sockets = new Set<Socket>();
let swallowsAnswers = false;
const way = createServer((client) => {
  const { hostname, port } = new URL(fresh.url);
  const server = connect({ host: hostname, port: Number(port) });
  for (const socket of [client, server]) {
    sockets.add(socket);
    socket.on('error', () => undefined).once('close', () => sockets.delete(socket));
  }
  client.on('data', (bytes) => server.write(bytes));
  server.on('data', (bytes) => {
    if (!swallowsAnswers) client.write(bytes);
    else for (const socket of sockets) socket.destroy();
  });
});
let fresh: Awaited<ReturnType<typeof freshDatabase>>;
let database: Database;

beforeAll(async () => {
  fresh = await freshDatabase('lost connection');
  way.listen(0, '127.0.0.1');
  await once(way, 'listening');
  const url = new URL(fresh.url);
  url.hostname = '127.0.0.1';
  url.port = String((way.address() as AddressInfo).port);
  database = new Database({ url: url.href, applicationName: 'spec', maxConnections: 2 });
});
afterAll(async () => {
  await database.close();
  way.close();
  await fresh.drop();
});

const query = (text: string): Promise<readonly unknown[]> => database.query({ name: '', text, values: [] });

it('a connection lost before the answer fails its statement alone, as one to be repeated: not the process', async () => {
  await query('create table kept (id int primary key)');
  swallowsAnswers = true;
  const failure = await query('insert into kept values (1)').catch((error: unknown) => error);
  swallowsAnswers = false;
  expect(isTransient(failure)).toBe(true);
  // What was sent was done: only its answer is lost.
  expect(await query('select id from kept')).toEqual([['1']]);
});
