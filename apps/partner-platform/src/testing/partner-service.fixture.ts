import { spawn, type ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { allTopics, decodeDirectoryChange, topics, type DirectoryChange } from '@fourway/contracts';
import { z } from 'zod';
import { defined } from '@fourway/kernel';
import { Database } from '@fourway/platform-postgres';
import { deriveApiKey, signRequest } from '@fourway/platform-signing';
import { ensureTopics, readTopic } from '@fourway/platform-stream';
import { eventually, freshDatabase, testEngines } from '@fourway/testing';

export const masterKey = Buffer.alloc(32, 7);
export const connection = { brokers: testEngines().kafka.split(','), clientId: 'partner-platform-spec' };

/** The compiled service, as it is deployed. */
const main = fileURLToPath(new URL('../../dist/main.js', import.meta.url));

export interface Answer {
  readonly status: number;
  readonly body: Record<string, unknown>;
  readonly headers: Headers;
}

export interface Sending {
  readonly method?: string;
  readonly path: string;
  /** Sent as JSON; a Buffer is sent as it is. */
  readonly body?: unknown;
  /** `<principal>.<version>`; default an operator. */
  readonly as?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A service process of a test, and what its clients do. */
export class PartnerService {
  readonly child: ChildProcess;
  readonly url: string;

  constructor(child: ChildProcess, url: string) {
    this.child = child;
    this.url = url;
  }

  async send({ method = 'GET', path, body, as = 'operator:spec.1', headers = {} }: Sending): Promise<Answer> {
    const bytes =
      body === undefined ? Buffer.alloc(0) : Buffer.isBuffer(body) ? body : Buffer.from(JSON.stringify(body));
    const response = await fetch(`${this.url}${path}`, {
      method,
      headers: {
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...signed({ as, method, path, body: bytes }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: new Uint8Array(bytes) }),
    });
    return answerOf(response);
  }

  post(path: string, body: unknown, options: Partial<Sending> = {}): Promise<Answer> {
    return this.send({ ...options, method: 'POST', path, body });
  }

  async import(lines: readonly unknown[], options: { as?: string; digest?: string } = {}): Promise<Answer> {
    const body = Buffer.from(lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n'));
    const digest = options.digest ?? createHash('sha256').update(body).digest('hex');
    const path = '/v1/directory/import';
    const headers = signed({ as: options.as ?? 'operator:spec.1', method: 'POST', path, body: Buffer.from(digest) });
    const response = await fetch(`${this.url}${path}`, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/x-ndjson', 'fourway-content-sha256': digest },
      body: new Uint8Array(body),
    });
    return answerOf(response);
  }

  async kill(signal: NodeJS.Signals): Promise<number | null> {
    if (this.child.exitCode === null && this.child.signalCode === null) {
      const ended = once(this.child, 'exit');
      this.child.kill(signal);
      await ended;
    }
    return this.child.exitCode;
  }
}

export function signed({
  as,
  method,
  path,
  body,
}: {
  as: string;
  method: string;
  path: string;
  body: Buffer;
}): Record<string, string> {
  const dot = as.lastIndexOf('.');
  const key = deriveApiKey(masterKey, as.slice(0, dot), Number(as.slice(dot + 1)));
  return { ...signRequest({ keyId: as, key, method, path, body, timestampMs: Date.now() }) };
}

const jsonObject = z.record(z.string(), z.unknown());

async function answerOf(response: Response): Promise<Answer> {
  return { status: response.status, headers: response.headers, body: jsonObject.parse(await response.json()) };
}

/** A database of one test file's own, and services on it. */
export interface PartnerRig {
  readonly databaseUrl: string;
  start(): Promise<PartnerService>;
  sql(text: string, ...values: unknown[]): Promise<readonly (readonly (string | null)[])[]>;
  /** A connection of the test's own. */
  connect(): Database;
  close(): Promise<void>;
}

export async function partnerRig(name: string): Promise<PartnerRig> {
  const fresh = await freshDatabase(name);
  const database = new Database({ url: fresh.url, applicationName: name, maxConnections: 1 });
  const sql: PartnerRig['sql'] = (text, ...values) => database.query({ name: '', text, values });
  await sql('create schema partner');
  await sql(`do $$ begin execute format('alter database %I set search_path = partner', current_database()); end $$`);
  await ensureTopics({ ...connection, topics: allTopics });
  const running: PartnerService[] = [];
  const session = new Database({ url: fresh.url, applicationName: name, maxConnections: 1 });
  return {
    databaseUrl: fresh.url,
    sql: (text, ...values) => session.query({ name: '', text, values }),
    connect: () => new Database({ url: fresh.url, applicationName: name, maxConnections: 1 }),
    start: async () => {
      const service = await startService(fresh.url);
      running.push(service);
      return service;
    },
    close: async () => {
      await Promise.all(running.map((service) => service.kill('SIGKILL')));
      await Promise.all([database.close(), session.close()]);
      await fresh.drop();
    },
  };
}

async function startService(databaseUrl: string): Promise<PartnerService> {
  const port = await freePort();
  const env = {
    FOURWAY_SERVICE: 'partner-platform',
    FOURWAY_HTTP_PORT: String(port),
    FOURWAY_DRAIN_MS: '0',
    FOURWAY_LOG_LEVEL: 'warn',
    FOURWAY_KAFKA: connection.brokers.join(','),
    FOURWAY_POSTGRES_URL: databaseUrl,
    FOURWAY_API_MASTER_KEY: masterKey.toString('hex'),
  };
  const child = spawn(process.execPath, ['--enable-source-maps', main], {
    env,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const url = `http://127.0.0.1:${port}`;
  await eventually(
    async () => {
      if (child.exitCode !== null) return;
      if ((await fetch(`${url}/readyz`)).status !== 200) throw new Error('not ready');
    },
    { withinMs: 60_000 },
  );
  return new PartnerService(child, url);
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address !== null ? address.port : 0;
}

/** The changes of some entities on the topic, in the order of the log. */
export async function publishedChanges(
  ids: ReadonlySet<string>,
): Promise<(DirectoryChange & { readonly bytes: Buffer; readonly key: string })[]> {
  const changes: (DirectoryChange & { readonly bytes: Buffer; readonly key: string })[] = [];
  await readTopic({
    ...connection,
    topic: topics.directory.name,
    onRecords: (records) => {
      for (const { key, value } of records) {
        const text = String(key);
        if (value === null || !ids.has(text)) continue;
        changes.push({ ...defined(decodeDirectoryChange(value), text), bytes: value, key: text });
      }
    },
  });
  return changes;
}
