import { setTimeout as sleep } from 'node:timers/promises';
import { deadLetterTopicOf, toDeadLetterMessage } from './dead-letter.ts';
import { EventProducer } from './event-producer.ts';
import type { KafkaConnection } from './kafka-client.ts';
import type { LaneRecord } from './partition-lane.ts';
import { errorText, type StreamLogger } from './stream-logger.ts';
import type { StreamMetrics } from './stream-metrics.ts';
import type { DeadLetterReason } from './stream-record.ts';

const retryEveryMs = 1_000;

/**
 * Sets records aside. A record counts as done when the broker has its entry, not before; until then it is sent again, and
 * a partition that stays blocked by it ends the process like any other stall. Connects on first use: most never need it.
 */
export class DeadLetterWriter {
  readonly #connection: KafkaConnection;
  readonly #logger: StreamLogger;
  readonly #metrics: StreamMetrics;
  #producer: Promise<EventProducer> | undefined;
  #isClosed = false;

  constructor(connection: KafkaConnection, logger: StreamLogger, metrics: StreamMetrics) {
    this.#connection = connection;
    this.#logger = logger;
    this.#metrics = metrics;
  }

  /** Idempotent per record. */
  setAside(record: LaneRecord, reason: DeadLetterReason): void {
    if (record.isDeadLetter || !record.isOpen) return;
    record.isDeadLetter = true;
    void this.#write(record, reason);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    const producer = await this.#producer?.catch(() => undefined);
    await producer?.disconnect();
  }

  async #write(record: LaneRecord, reason: DeadLetterReason): Promise<void> {
    const origin = {
      topic: record.topic,
      partition: record.partition,
      offset: String(record.offset),
      code: reason.code,
    };
    const message = toDeadLetterMessage(record, reason, Date.now());
    while (!this.#isClosed && record.isOpen) {
      try {
        const producer = await this.#connected();
        await producer.send(deadLetterTopicOf(record.topic), [message]);
        this.#metrics.count('dead_letters');
        this.#logger.warn(origin, 'record set aside');
        record.done();
      } catch (error) {
        this.#logger.error({ ...origin, error: errorText(error) }, 'dead letter not acknowledged, sending it again');
        await sleep(retryEveryMs);
      }
    }
  }

  async #connected(): Promise<EventProducer> {
    this.#producer ??= connectProducer({ ...this.#connection, clientId: `${this.#connection.clientId}-dlq` });
    try {
      return await this.#producer;
    } catch (error) {
      this.#producer = undefined;
      throw error;
    }
  }
}

const connectProducer = async (connection: KafkaConnection): Promise<EventProducer> => {
  const producer = new EventProducer(connection);
  await producer.connect();
  return producer;
};
