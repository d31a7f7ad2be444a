import { randomBytes } from 'node:crypto';
import { HotData } from '@fourway/platform-hot-data';
import type { Logger } from '@fourway/platform-http';
import { Database, isTransient, type Row, type Statement } from '@fourway/platform-postgres';
import { retryWhile } from '@fourway/platform-resilience';
import { EventProducer, SendFailedError, type EventMessage } from '@fourway/platform-stream';
import type { RoutingConfig } from './config.ts';

/** Statements that are safe to repeat, and wait for Postgres to come back. */
export interface Queries {
  query(statement: Statement): Promise<Row[]>;
}

/** Messages that must be acknowledged, however long the broker is away. */
export interface Publisher {
  send(topic: string, messages: readonly EventMessage[]): Promise<void>;
}

/** The engines behind this service. Work that must be done waits for them; how much of it may wait is bounded by the consumer. */
export class Engines implements Queries, Publisher {
  readonly database: Database;
  readonly hotData: HotData;
  readonly #producer: EventProducer;
  readonly #logger: Logger;

  constructor({ service, kafkaBrokers, postgresUrl, redisUrl }: RoutingConfig, logger: Logger) {
    this.#logger = logger;
    const warn = (engine: string) => (error: Error) => logger.warn({ engine, err: error }, 'engine failed');
    this.database = new Database({ url: postgresUrl, applicationName: service, onError: warn('postgres') });
    this.hotData = new HotData({ url: redisUrl, clientName: service, onError: warn('redis') });
    this.#producer = new EventProducer({ brokers: kafkaBrokers, clientId: service, logger });
  }

  async start(): Promise<void> {
    this.hotData.connect();
    await this.#producer.connect();
  }

  async stop(): Promise<void> {
    await this.#producer.disconnect();
    await this.hotData.close();
    await this.database.close();
  }

  query(statement: Statement): Promise<Row[]> {
    return retryWhile(() => this.database.query(statement), {
      isTransient,
      onRetry: (error, tries) =>
        this.#logger.warn({ err: error, tries, statement: statement.name }, 'statement repeated'),
    });
  }

  send(topic: string, messages: readonly EventMessage[]): Promise<void> {
    return retryWhile(() => this.#producer.send(topic, messages), {
      isTransient: (error) => error instanceof SendFailedError && error.retryable,
      onRetry: (error, tries) => this.#logger.warn({ err: error, tries, topic }, 'messages sent again'),
    });
  }
}

/** A replica's writers share their upper bits, so that its next incarnation knows the claims of the one before. */
const replicaShift = 48n;

/** Names this incarnation of the process on its claims: a positive number, 15 bits of it the replica's, 48 random. */
export const newWriterId = (replica: number): string =>
  (firstWriterOf(replica) | (randomBytes(8).readBigUInt64BE() & ((1n << replicaShift) - 1n))).toString();

/** All writer ids that a replica ever had or will have. */
export const writersOf = (replica: number): { readonly first: string; readonly last: string } => {
  const first = firstWriterOf(replica);
  return { first: first.toString(), last: (first + (1n << replicaShift) - 1n).toString() };
};

const firstWriterOf = (replica: number): bigint => BigInt(replica % 0x8000) << replicaShift;
