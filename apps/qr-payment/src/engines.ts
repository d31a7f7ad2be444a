import { HotData } from '@fourway/platform-hot-data';
import type { Logger } from '@fourway/platform-http';
import { Database, isTransient, type Row, type Statement } from '@fourway/platform-postgres';
import { retryWhile } from '@fourway/platform-resilience';
import { EventProducer } from '@fourway/platform-stream';
import type { QrPaymentConfig } from './config.ts';

/** Statements that are safe to repeat. */
export interface Queries {
  /** Waits a little for Postgres to come back; then fails with its transient error. */
  query(statement: Statement): Promise<Row[]>;
}

/** A caller waits, so a statement is repeated for this long and no longer, milliseconds. */
const repeatForMs = 3_000;

/** The engines behind this service. */
export class Engines implements Queries {
  readonly database: Database;
  readonly hotData: HotData;
  readonly producer: EventProducer;
  readonly #logger: Logger;

  constructor({ service, replica, kafkaBrokers, postgresUrl, redisUrl }: QrPaymentConfig, logger: Logger) {
    this.#logger = logger;
    const name = `${service}-${replica}`;
    const warn = (engine: string) => (error: Error) => logger.warn({ engine, err: error }, 'engine failed');
    this.database = new Database({ url: postgresUrl, applicationName: name, onError: warn('postgres') });
    this.hotData = new HotData({ url: redisUrl, clientName: name, onError: warn('redis') });
    this.producer = new EventProducer({ brokers: kafkaBrokers, clientId: name, logger });
  }

  async start(): Promise<void> {
    this.hotData.connect();
    await this.producer.connect();
  }

  async stop(): Promise<void> {
    await this.producer.disconnect();
    await Promise.all([this.hotData.close(), this.database.close()]);
  }

  query(statement: Statement): Promise<Row[]> {
    const untilMs = performance.now() + repeatForMs;
    return retryWhile(() => this.database.query(statement), {
      isTransient: (error) => isTransient(error) && performance.now() < untilMs,
      onRetry: (error, tries) =>
        this.#logger.warn({ err: error, tries, statement: statement.name }, 'statement repeated'),
    });
  }
}
