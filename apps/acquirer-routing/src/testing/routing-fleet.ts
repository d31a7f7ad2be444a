import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { allTopics } from '@fourway/contracts';
import { Database, migrate } from '@fourway/platform-postgres';
import { ensureTopics, EventProducer } from '@fourway/platform-stream';
import { packProfile } from '@fourway/routing';
import { eventually, freshDatabase, freshRedis, testEngines, type FreshDatabase } from '@fourway/testing';
import { startSimulator, type Simulator } from '../acquirer-link/start-simulator.ts';
import { DirectoryRepository } from '../directory/directory.repository.ts';
import { migrations } from '../migrations/index.ts';
import { acquirerId, merchant } from './routing-rig.ts';

/** The compiled service, as it is deployed. */
const main = fileURLToPath(new URL('../../dist/main.js', import.meta.url));

/** Nobody else's: specs share the topics, and the directory's is one of them. */
export const fleetParties = { merchantId: '831000058129901', cardToken: '6299900112345678' } as const;
const issuer = {
  issuerId: '09990000',
  version: 1n,
  ranges: [{ first: '6299900100000000', last: '6299900199999999', cardType: 'debit' as const }],
};

/** Replicas of the compiled service as processes of their own, which can be killed, on real engines and a real acquirer. */
export class RoutingFleet {
  readonly database: Database;
  readonly producer: EventProducer;
  readonly simulator: Simulator;
  /** The database's, with the service's schema. */
  readonly postgresUrl: string;
  readonly #fresh: FreshDatabase;
  readonly #folder: string;
  readonly #environment: Readonly<Record<string, string>>;
  readonly #running = new Map<number, ChildProcess>();
  readonly #ports = new Map<number, number>();

  private constructor(parts: FleetParts) {
    this.database = parts.database;
    this.producer = parts.producer;
    this.simulator = parts.simulator;
    this.postgresUrl = parts.environment['FOURWAY_POSTGRES_URL'] ?? '';
    this.#fresh = parts.fresh;
    this.#folder = parts.folder;
    this.#environment = parts.environment;
  }

  /** Engines, topics, schema, directory and acquirer; no replica yet. */
  static async create(settings: Readonly<Record<string, string>>): Promise<RoutingFleet> {
    const folder = mkdtempSync(join(tmpdir(), 'fourway-fleet-'));
    const simulator = await startSimulator({ acquirerId, bookPath: join(folder, 'book.tsv') });
    const { kafka } = testEngines();
    const connection = { brokers: [kafka], clientId: 'routing-fleet' };
    await ensureTopics({ ...connection, topics: allTopics });
    const fresh = await freshDatabase('routing_fleet');
    const url = new URL(fresh.url);
    url.searchParams.set('options', '-c search_path=routing');
    const database = new Database({ url: url.href, applicationName: 'routing-fleet', maxConnections: 2 });
    await database.query({ name: '', text: 'create schema routing', values: [] });
    await migrate({ url: url.href, schema: 'routing', migrations });
    const directory = new DirectoryRepository(database);
    const { merchantId } = fleetParties;
    await directory.saveMerchants([{ merchantId, version: 1n, profile: packProfile({ ...merchant, merchantId }) }]);
    await directory.saveIssuers([issuer]);
    const producer = new EventProducer(connection);
    await producer.connect();
    const environment = {
      ...{ FOURWAY_SERVICE: 'acquirer-routing', FOURWAY_LOG_LEVEL: 'error', FOURWAY_DRAIN_MS: '0' },
      ...{ FOURWAY_KAFKA: kafka, FOURWAY_POSTGRES_URL: url.href, FOURWAY_REDIS_URL: await freshRedis() },
      FOURWAY_ACQUIRERS: JSON.stringify([{ id: acquirerId, host: '127.0.0.1', port: simulator.isoPort }]),
      ...settings,
    };
    return new RoutingFleet({ database, producer, simulator, fresh, folder, environment });
  }

  /** Starts a replica unless it runs; resolves when it reads its partitions. */
  async up(replica: number): Promise<void> {
    if (this.#running.has(replica)) return;
    const port = await freePort();
    this.#ports.set(replica, port);
    const own = { FOURWAY_REPLICA: String(replica), FOURWAY_HTTP_PORT: String(port) };
    const child = spawn(process.execPath, [main], {
      env: { ...this.#environment, ...own },
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    this.#running.set(replica, child);
    child.once('exit', () => {
      if (this.#running.get(replica) === child) this.#running.delete(replica);
    });
    await eventually(
      async () => {
        const { status } = await fetch(`http://127.0.0.1:${port}/readyz`);
        if (status !== 200) throw new Error(`replica ${replica} is not ready`);
      },
      { withinMs: 120_000, everyMs: 100 },
    );
  }

  /** Sends a signal; resolves with the exit code, null where a signal ended it. A replica that does not run is left alone. */
  async end(replica: number, signal: 'SIGKILL' | 'SIGTERM'): Promise<number | null> {
    const child = this.#running.get(replica);
    if (child === undefined) return null;
    const exit = once(child, 'exit');
    child.kill(signal);
    const [code] = (await exit) as [number | null];
    return code;
  }

  /** Lets a replica sleep, all at once and without a sign, and wakes it. */
  pause(replica: number, isAsleep: boolean): void {
    this.#running.get(replica)?.kill(isAsleep ? 'SIGSTOP' : 'SIGCONT');
  }

  isUp(replica: number): boolean {
    return this.#running.has(replica);
  }

  /** A metric of a replica, summed over its labels. */
  async gauge(replica: number, name: string): Promise<number> {
    const response = await fetch(`http://127.0.0.1:${this.#ports.get(replica) ?? 0}/metrics`);
    const lines = (await response.text())
      .split('\n')
      .filter((line) => line.startsWith(name) && /^[ {]/.test(line.slice(name.length)));
    return lines.reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' '))), 0);
  }

  async stop(): Promise<void> {
    // Gracefully: a member that is killed keeps its partitions from the next spec until its session ends.
    await Promise.all([...this.#running.keys()].map((replica) => this.end(replica, 'SIGTERM')));
    await this.producer.disconnect();
    await this.database.close();
    await this.#fresh.drop();
    await this.simulator.kill('SIGKILL');
    rmSync(this.#folder, { recursive: true });
  }
}

interface FleetParts {
  readonly database: Database;
  readonly producer: EventProducer;
  readonly simulator: Simulator;
  readonly fresh: FreshDatabase;
  readonly folder: string;
  readonly environment: Readonly<Record<string, string>>;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
