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
} from '@fourway/platform-stream';
import { defaultCardLimits } from '@fourway/risk';
import { freshDatabase, freshRedis, freshTopicPrefix, testEngines, type FreshDatabase } from '@fourway/testing';
import { migrations } from '../migrations/index.ts';
import { RiskScoring } from '../risk-scoring.ts';
import { scoringParts, type ScoringStreams } from '../scoring-path.ts';

const partitions = 3;
const connection = () => ({ brokers: testEngines().kafka.split(','), clientId: 'risk-scoring-spec' });

/** Engines of one test file's own: topics, a schema, and a Redis behind a link that can fail. */
export class ScoringWorld {
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
      scored: `${prefix}scored`,
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
  async startReplica(replica = 0): Promise<RiskScoring> {
    const { brokers } = connection();
    const config = {
      service: 'risk-scoring',
      replica,
      kafkaBrokers: brokers,
      postgresUrl: this.#database.url,
      redisUrl: this.link.url,
      cardLimits: defaultCardLimits,
    };
    const context = { logger: createLogger('risk-scoring-spec', 'fatal'), metrics: new Metrics('risk-scoring') };
    const service = new RiskScoring(scoringParts(config, context, this.streams));
    await service.onApplicationBootstrap();
    return service;
  }

  request(messages: readonly EventMessage[]): Promise<void> {
    return this.#producer.send(this.streams.requested, messages);
  }

  sql(text: string, ...values: unknown[]): Promise<readonly (readonly (string | null)[])[]> {
    return this.#admin.query({ name: '', text, values });
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
    const values: Buffer[] = [];
    await readTopic({
      ...connection(),
      clientId: randomUUID(),
      topic,
      onRecords: (records) => void values.push(...records.flatMap(({ value }) => value ?? [])),
    });
    return values;
  }
}
