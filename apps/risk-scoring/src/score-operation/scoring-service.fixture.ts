import { randomUUID } from 'node:crypto';
import { decodeOperationScored, decodeRefusal, type Refusal, type ScoredOperation } from '@fourway/contracts';
import { createLogger, Metrics } from '@fourway/platform-observability';
import { FaultyLink } from '@fourway/platform-hot-data/testing';
import { Database, migrate } from '@fourway/platform-postgres';
import {
  deadLetterTopicFor,
  ensureTopics,
  EventProducer,
  listDeadLetters,
  readTopic,
  type DeadLetter,
  type EventMessage,
  type StreamRecord,
} from '@fourway/platform-stream';
import { defaultCardLimits } from '@fourway/risk';
import { freshDatabase, freshRedis, freshTopicPrefix, testEngines, type FreshDatabase } from '@fourway/testing';
import type { RiskScoringConfig } from '../config.ts';
import { migrations } from '../migrations/index.ts';
import { RiskScoring } from '../risk-scoring.ts';
import { scoringParts, type ScoringParts, type ScoringStreams } from '../scoring-path.ts';

const partitions = 3;

type LoadSettings = Pick<RiskScoringConfig, 'upstreamQuotas' | 'shedAfterMs'>;

const connection = () => ({ brokers: testEngines().kafka.split(','), clientId: 'risk-scoring-spec' });

/** Engines of one test file's own: topics, a schema, and a Redis behind a link that can fail. */
export class ScoringWorld {
  readonly connection = connection();
  readonly streams: ScoringStreams;
  readonly link: FaultyLink;
  readonly redisUrl: string;
  readonly #database: FreshDatabase;
  readonly #admin: Database;
  readonly #producer = new EventProducer(connection());

  private constructor(database: FreshDatabase, redisUrl: string, link: FaultyLink) {
    const prefix = freshTopicPrefix();
    this.streams = {
      groupId: `${prefix}risk-scoring`,
      requested: `${prefix}requested`,
      partitions,
      scored: `${prefix}scored`,
      nextGroupId: `${prefix}acquirer-routing`,
      refused: `${prefix}refused`,
    };
    this.#database = database;
    this.#admin = new Database({ url: database.url, applicationName: 'risk-scoring-spec', maxConnections: 1 });
    this.redisUrl = redisUrl;
    this.link = link;
  }

  static async create(name: string): Promise<ScoringWorld> {
    const redisUrl = await freshRedis();
    const world = new ScoringWorld(await freshDatabase(name), redisUrl, await FaultyLink.to(redisUrl));
    const { requested, scored, refused } = world.streams;
    const topic = (topicName: string) =>
      ({ name: topicName, partitions, retentionMs: null, cleanupPolicy: 'delete' }) as const;
    const timed = { ...topic(requested), config: { 'message.timestamp.type': 'LogAppendTime' } };
    await ensureTopics({
      ...connection(),
      topics: [timed, topic(scored), topic(refused), deadLetterTopicFor(requested)],
    });
    await world.sql('create schema risk');
    await world.sql(
      `do $$ begin execute format('alter database %I set search_path = risk', current_database()); end $$`,
    );
    await migrate({ url: world.#database.url, schema: 'risk', migrations });
    await world.#producer.connect();
    return world;
  }

  /** Starts one replica of the service as its module does, without HTTP. */
  async startReplica(replica = 0, load: Partial<LoadSettings> = {}): Promise<RiskScoring> {
    const service = new RiskScoring(this.parts(replica, load));
    await service.onApplicationBootstrap();
    return service;
  }

  /** What a replica is made of, not started. */
  parts(replica = 0, load: Partial<LoadSettings> = {}): ScoringParts {
    const { brokers } = connection();
    const config = {
      service: 'risk-scoring',
      replica,
      kafkaBrokers: brokers,
      postgresUrl: this.#database.url,
      redisUrl: this.link.url,
      cardLimits: defaultCardLimits,
      ...{ upstreamQuotas: new Map<string, number>(), shedAfterMs: null },
      ...load,
    };
    const context = { logger: createLogger('risk-scoring-spec', 'fatal'), metrics: new Metrics('risk-scoring') };
    return scoringParts(config, context, this.streams);
  }

  request(messages: readonly EventMessage[]): Promise<void> {
    return this.#producer.send(this.streams.requested, messages);
  }

  sql(text: string, ...values: unknown[]): Promise<readonly (readonly (string | null)[])[]> {
    return this.#admin.query({ name: '', text, values });
  }

  /** All requests, in the order of each partition. */
  async log(): Promise<(Pick<StreamRecord, 'partition' | 'timestampMs'> & { readonly value: Buffer })[]> {
    return (await this.#records(this.streams.requested)).flatMap((record) =>
      record.value === null
        ? []
        : [{ partition: record.partition, timestampMs: record.timestampMs, value: record.value }],
    );
  }

  async scored(): Promise<ScoredOperation[]> {
    return (await this.#values(this.streams.scored)).map(decodeOperationScored);
  }

  async refused(): Promise<Refusal[]> {
    return (await this.#values(this.streams.refused)).map(decodeRefusal);
  }

  deadLetters(): Promise<readonly DeadLetter[]> {
    return listDeadLetters({ ...connection(), topic: this.streams.requested });
  }

  async close(): Promise<void> {
    await this.#producer.disconnect();
    await this.#admin.close();
    await this.link.close();
    await this.#database.drop();
  }

  async #values(topic: string): Promise<Buffer[]> {
    return (await this.#records(topic)).flatMap(({ value }) => value ?? []);
  }

  async #records(topic: string): Promise<StreamRecord[]> {
    const read: StreamRecord[] = [];
    await readTopic({
      ...connection(),
      clientId: randomUUID(),
      topic,
      onRecords: (records) => void read.push(...records),
    });
    return read;
  }
}
