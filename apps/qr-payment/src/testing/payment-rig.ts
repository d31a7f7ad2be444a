import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import {
  allTopics,
  decodeOperationRequested,
  directoryKey,
  encodeDirectoryChange,
  encodeOutcome,
  encodeRefusal,
  refusalOf,
  topics,
  type DirectoryEntity,
  type OperationRequest,
  type Outcome,
} from '@fourway/contracts';
import { Database } from '@fourway/platform-postgres';
import {
  endOffsets,
  ensureTopics,
  EventProducer,
  readTopic,
  type TopicPartitionOffset,
} from '@fourway/platform-stream';
import { eventually, freshDatabase, freshRedis, testEngines, type FreshDatabase } from '@fourway/testing';
import { SignedClient, type Answer } from './signed-client.ts';

/** The compiled service, as it is deployed. */
const main = fileURLToPath(new URL('../../dist/main.js', import.meta.url));
/** The service's, from which every other key is derived. */
export const masterKey = Buffer.alloc(32, 7);

export interface RunningService {
  readonly child: ChildProcess;
  readonly url: string;
}

export type Environment = Readonly<Record<string, string>>;

/** The service on real engines with a database and a Redis of its own, and the rest of the switch played by the test. */
export class PaymentRig {
  readonly connection = { brokers: testEngines().kafka.split(','), clientId: 'qr-payment-e2e' };
  readonly #producer = new EventProducer(this.connection);
  readonly #running = new Set<ChildProcess>();
  readonly #reading = new AbortController();
  /** Requests that the service published since the rig started, as often as they came. */
  readonly published: OperationRequest[] = [];
  /** How the switch answers what is published; null: not at all. */
  answer: ((request: OperationRequest) => Partial<Outcome> | { readonly refusedAs: string } | null) | null = () => ({});
  redisUrl = '';
  #requests: Promise<unknown> = Promise.resolve();
  #fresh: FreshDatabase | undefined;
  #database: Database | undefined;
  #service: RunningService | undefined;

  async start(name: string): Promise<void> {
    await ensureTopics({ ...this.connection, topics: allTopics });
    this.#fresh = await freshDatabase(name);
    this.redisUrl = await freshRedis();
    this.#database = new Database({ url: this.#fresh.url, applicationName: name, maxConnections: 2 });
    await this.sql('create schema payment');
    await this.sql(
      `do $$ begin execute format('alter database %I set search_path = payment', current_database()); end $$`,
    );
    await this.#database.close();
    this.#database = new Database({ url: this.#fresh.url, applicationName: name, maxConnections: 2 });
    await this.#producer.connect();
    this.#follow(await endOffsets({ ...this.connection, topic: topics.requested.name }));
    this.#service = await this.run();
  }

  /** The replica that clients talk to. */
  get service(): RunningService {
    if (this.#service === undefined) throw new Error('not started');
    return this.#service;
  }

  set service(service: RunningService) {
    this.#service = service;
  }

  get databaseUrl(): string {
    if (this.#fresh === undefined) throw new Error('not started');
    return this.#fresh.url;
  }

  async stop(): Promise<void> {
    this.#reading.abort();
    for (const child of this.#running) child.kill('SIGKILL');
    await this.#requests;
    await this.#producer.disconnect();
    await this.#database?.close();
    await this.#fresh?.drop();
  }

  client(principal: string, version = 1): SignedClient {
    return new SignedClient({ url: () => this.service.url, masterKey, principal, version });
  }

  sql(text: string): Promise<readonly (readonly (string | null)[])[]> {
    if (this.#database === undefined) throw new Error('not started');
    return this.#database.query({ name: '', text, values: [] });
  }

  async run(environment: Environment = {}): Promise<RunningService> {
    const port = await freePort();
    const url = `http://127.0.0.1:${port}`;
    const env = {
      FOURWAY_SERVICE: 'qr-payment',
      FOURWAY_HTTP_PORT: String(port),
      FOURWAY_LOG_LEVEL: 'error',
      FOURWAY_DRAIN_MS: '0',
      FOURWAY_KAFKA: this.connection.brokers.join(','),
      FOURWAY_POSTGRES_URL: this.#fresh?.url,
      FOURWAY_REDIS_URL: this.redisUrl,
      FOURWAY_API_MASTER_KEY: masterKey.toString('hex'),
      FOURWAY_RESEND_AFTER_MS: '500',
      ...environment,
    };
    const child = spawn(process.execPath, [main], { env, stdio: ['ignore', 'inherit', 'inherit'] });
    this.#running.add(child);
    child.once('exit', () => this.#running.delete(child));
    await eventually(async () => assertOk(await fetch(`${url}/readyz`)), { withinMs: 60_000 });
    return { child, url };
  }

  /** Publishes a merchant, and waits until the service knows it so. */
  async merchant(merchantId: string, changes: MerchantChanges = {}): Promise<SignedClient> {
    const { status = 'active', apiKeyVersion = 1, name = '老王面馆' } = changes;
    const entity: DirectoryEntity = {
      type: 'merchant',
      id: merchantId,
      merchant: {
        ...{ merchantId, name, mcc: '5812', scenario: 'catering', currency: 'CNY', region: '110105' },
        ...{ acquirerContracts: [], providerId: 'sp-1', apiKeyVersion },
      },
    };
    const version = BigInt(Date.now());
    const value = encodeDirectoryChange({ version, status, changedAtMs: Date.now(), entity });
    await this.#producer.send(topics.directory.name, [{ key: directoryKey(entity), value }]);
    await eventually(async () => {
      const [row] = await this.sql(`select version from merchant where merchant_id = ${merchantId}`);
      if (row?.[0] !== version.toString()) throw new Error(`merchant ${merchantId} is not projected yet`);
    });
    return this.client(`merchant:${merchantId}`, apiKeyVersion);
  }

  async produce(topic: string, value: Buffer, key: string | null = null): Promise<void> {
    await this.#producer.send(topic, [{ key, value }]);
  }

  #follow(from: readonly TopicPartitionOffset[]): void {
    const { signal } = this.#reading;
    this.#requests = readTopic({
      ...this.connection,
      ...{ topic: topics.requested.name, from, follow: true, signal },
      onRecords: async (records) => {
        for (const { value, offset, partition } of records)
          if (value !== null) await this.#take(decodeOperationRequested(value), { offset, partition });
      },
    });
  }

  async #take(request: OperationRequest, at: { offset: bigint; partition: number }): Promise<void> {
    if (request.upstreamId !== 'qr-payment') return;
    this.published.push(request);
    const answer = this.answer?.(request) ?? null;
    if (answer === null) return;
    if ('refusedAs' in answer) {
      const fault = { code: answer.refusedAs, field: 'merchant_id', rule: 'known', remedy: 'be onboarded' };
      const source = { sourcePartition: at.partition, sourceOffset: at.offset, refusedAtMs: Date.now() };
      await this.produce(topics.refused.name, encodeRefusal(refusalOf(request, fault, source)), request.eventId);
    } else await this.produce(topics.outcomes.name, encodeOutcome(outcomeOf(request, answer)), request.merchantId);
  }
}

interface MerchantChanges {
  readonly status?: 'active' | 'suspended';
  readonly apiKeyVersion?: number;
  readonly name?: string;
}

/** An approval, unless changed. No fee contract: what posts outcomes sets it aside. */
export const outcomeOf = (request: OperationRequest, changes: Partial<Outcome> = {}): Outcome => ({
  ...{ operationId: request.operationId, rootId: request.rootId, sequence: 1, kind: 'sale' },
  ...{ merchantId: request.merchantId, terminalId: request.terminalId, merchantOrderNo: request.merchantOrderNo },
  ...{ status: 'approved', responseCode: '00', amountMinor: request.amountMinor, currency: request.currency },
  ...{ acquirerId: '48020000', issuerId: '01020000', cardType: 'credit', rrn: '000000000001', authCode: '123456' },
  ...{ feeContractId: 0, scenario: 'catering', requestedAtMs: request.requestedAtMs, decidedAtMs: Date.now() },
  businessDate: new Date().toISOString().slice(0, 10),
  ...changes,
});

/** A distinct valid order. */
export const orderBody = (merchantOrderNo: string, changes: Record<string, unknown> = {}): Record<string, unknown> => ({
  ...{ merchantOrderNo, amountMinor: 12_888, currency: 'CNY', terminalId: 'T0000001' },
  ...changes,
});

/** The text of a field of an answer. */
export function textOf({ body }: Answer, field: string): string {
  const value = body[field];
  if (typeof value !== 'string') throw new Error(`${field} is no text in ${JSON.stringify(body)}`);
  return value;
}

function assertOk({ status }: Response): void {
  if (status !== 200) throw new Error(`not ready: ${status}`);
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
