import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  allTopics,
  encodeOperationScored,
  topics,
  type OperationRequest,
  type ScoredOperation,
} from '@fourway/contracts';
import { sleep, uuidV7 } from '@fourway/kernel';
import { createLogger, Metrics } from '@fourway/platform-observability';
import { Database, migrate, type Row } from '@fourway/platform-postgres';
import { ensureTopics, type StreamBatch, type StreamRecord } from '@fourway/platform-stream';
import { packProfile, type MerchantProfile } from '@fourway/routing';
import { freshDatabase, freshRedis, testEngines } from '@fourway/testing';
import { startSimulator, type Simulator } from '../acquirer-link/start-simulator.ts';
import { authorizationPath, type AuthorizationPath } from '../authorization-path.ts';
import type { RoutingConfig } from '../config.ts';
import { DirectoryRepository } from '../directory/directory.repository.ts';
import { MerchantDirectory } from '../directory/merchant-directory.ts';
import { Engines } from '../engines.ts';
import { migrations } from '../migrations/index.ts';
import { ensureIdPartitions } from '../retention/id-partitions.ts';

export const acquirerId = '48020000';
export const merchant: MerchantProfile = {
  merchantId: '831000058120001',
  isActive: true,
  mcc: '5812',
  scenario: 'catering',
  currency: 'CNY',
  hasApiKey: false,
  acquirers: [{ acquirerId, feeContractId: 12, weight: 100 }],
};

/** A batch as the consumer would hand it over, and what became of its records. */
export interface SentBatch {
  readonly batch: StreamBatch;
  readonly done: ReadonlySet<StreamRecord>;
  readonly deadLetters: readonly { readonly record: StreamRecord; readonly code: string }[];
  readonly handled: Promise<void>;
}

/** One process's authorization path on real engines, without its consumer: batches come from the test. */
export interface Replica {
  readonly path: AuthorizationPath;
  readonly engines: Engines;
  readonly postgresUrl: string;
  /** Hands a batch to this replica. */
  send(records: readonly StreamRecord[]): SentBatch;
  stop(): Promise<void>;
}

export interface RoutingRig {
  readonly simulator: Simulator;
  readonly database: Database;
  /** What the acquirer wrote down: type, operation id and status of each entry. */
  book(): { type: string; operationId: string; status: string }[];
  behave(behaviour: object): Promise<void>;
  replica(changes?: Partial<RoutingConfig>): Promise<Replica>;
  rows(text: string): Promise<Row[]>;
  stop(): Promise<void>;
}

export async function routingRig(): Promise<RoutingRig> {
  const folder = mkdtempSync(join(tmpdir(), 'fourway-routing-'));
  const bookPath = join(folder, 'book.tsv');
  const simulator = await startSimulator({ acquirerId, bookPath, behaviour: {} });
  const fresh = await freshDatabase('routing');
  const redisUrl = await freshRedis();
  const { kafka } = testEngines();
  await ensureTopics({ brokers: [kafka], clientId: 'routing-rig', topics: allTopics });
  const postgresUrl = await routingSchema(fresh.url);
  const database = new Database({ url: postgresUrl, applicationName: 'routing-rig', maxConnections: 2 });
  const replicas: Replica[] = [];
  const rig: RoutingRig = {
    simulator,
    database,
    book: () =>
      simulator
        .book()
        .map((columns) => ({ type: columns[0] ?? '', operationId: columns[1] ?? '', status: columns[9] ?? '' })),
    behave: (behaviour) => simulator.behave(behaviour),
    replica: async (changes = {}) => {
      const replica = await startReplica({ ...configOf(postgresUrl, redisUrl, simulator), ...changes });
      replicas.push(replica);
      return replica;
    },
    rows: (text) => database.query({ name: '', text, values: [] }),
    stop: async () => {
      for (const replica of replicas) await replica.stop();
      await database.close();
      await fresh.drop();
      await simulator.kill('SIGKILL');
      rmSync(folder, { recursive: true });
    },
  };
  return rig;
}

const configOf = (postgresUrl: string, redisUrl: string, simulator: Simulator): RoutingConfig => ({
  service: 'acquirer-routing',
  replica: 0,
  httpHost: '127.0.0.1',
  httpPort: 1,
  drainMs: 0,
  logLevel: 'error',
  kafkaBrokers: [testEngines().kafka],
  postgresUrl,
  redisUrl,
  acquirers: [{ id: acquirerId, host: '127.0.0.1', port: simulator.isoPort }],
  answerTimeoutMs: 500,
  sendWindowMs: 500,
  parkAfterMs: 50,
  earlyForMs: 60_000,
  acquirerMaxInFlight: 1_000,
  claimHorizonDays: 35,
  outcomeHorizonDays: 400,
});

async function routingSchema(url: string): Promise<string> {
  const admin = new Database({ url, applicationName: 'routing-rig', maxConnections: 1 });
  await admin.query({ name: '', text: 'create schema routing', values: [] });
  await admin.close();
  const own = new URL(url);
  own.searchParams.set('options', '-c search_path=routing');
  await migrate({ url: own.href, schema: 'routing', migrations });
  return own.href;
}

async function startReplica(config: RoutingConfig): Promise<Replica> {
  const logger = createLogger('acquirer-routing', config.logLevel);
  const engines = new Engines(config, logger);
  await engines.start();
  await ensureIdPartitions(engines, config);
  const repository = new DirectoryRepository(engines);
  await repository.saveMerchants([{ merchantId: merchant.merchantId, version: 1n, profile: packProfile(merchant) }]);
  await repository.saveIssuers([
    {
      issuerId: '01020000',
      version: 1n,
      ranges: [{ first: '6299000100000000', last: '6299000199999999', cardType: 'debit' }],
    },
  ]);
  const directory = new MerchantDirectory(engines.hotData, repository);
  await directory.refreshTokenRanges();
  const context = { logger, metrics: new Metrics('acquirer-routing') };
  const path = authorizationPath({ config, context, engines, directory });
  path.links.start();
  while (!path.links.isAnySignedOn) await sleep(5);
  return {
    path,
    engines,
    postgresUrl: config.postgresUrl,
    send: (records) => sendBatch(path, records),
    stop: async () => {
      await path.links.stop();
      await engines.stop();
    },
  };
}

function sendBatch(path: AuthorizationPath, records: readonly StreamRecord[]): SentBatch {
  const done = new Set<StreamRecord>();
  const deadLetters: { record: StreamRecord; code: string }[] = [];
  const batch: StreamBatch = {
    records,
    turn: Promise.resolve(),
    done: (record) => done.add(record),
    deadLetter: (record, { code }) => deadLetters.push({ record, code }),
  };
  return { batch, done, deadLetters, handled: path.authorize.handle(batch) };
}

/** A valid sale of CNY 128.88 made now. */
export function sale(changes: Partial<OperationRequest> = {}): OperationRequest {
  const operationId = uuidV7(Date.now(), randomBytes(10));
  return {
    eventId: randomUUID(),
    operationId,
    rootId: operationId,
    kind: 'sale',
    merchantId: merchant.merchantId,
    terminalId: '00000001',
    merchantOrderNo: 'order-1',
    amountMinor: 12_888n,
    currency: 'CNY',
    cardToken: '6299000112345678',
    presentment: 'merchant',
    requestedAtMs: Date.now(),
    expiresAtMs: 0,
    upstreamId: 'test',
    ...changes,
  };
}

/** An operation on the payment, of its whole amount unless given otherwise. */
export function onPayment(
  root: OperationRequest,
  kind: NonNullable<OperationRequest['kind']>,
  changes: Partial<OperationRequest> = {},
): OperationRequest {
  const operationId = uuidV7(Date.now(), randomBytes(10));
  return { ...root, eventId: randomUUID(), operationId, kind, presentment: null, ...changes };
}

let nextOffset = 0n;

/** The request as risk-scoring hands it on. */
export function scoredRecord(operation: OperationRequest, changes: Partial<ScoredOperation> = {}): StreamRecord {
  const scored: ScoredOperation = {
    ...{
      operation,
      verdict: 'accept' as const,
      score: 5,
      reasons: [],
      degraded: false,
      sourcePartition: 0,
      sourceOffset: 0n,
      scoredAtMs: Date.now(),
    },
    ...changes,
  };
  return rawRecord(encodeOperationScored(scored));
}

export const rawRecord = (value: Buffer): StreamRecord => ({
  ...{
    topic: topics.scored.name,
    partition: 0,
    offset: nextOffset++,
    key: null,
    value,
    headers: {},
    timestampMs: Date.now(),
  },
});
