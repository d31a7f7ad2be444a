import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { testEngines } from '@fourway/testing';
import { connectTo } from './kafka-client.ts';
import { EventProducer } from './event-producer.ts';
import { StreamConsumer } from './stream-consumer.ts';
import type { StreamConsumerOptions } from './stream-consumer-options.ts';
import type { StreamBatch, StreamRecord } from './stream-record.ts';
import { deadLetterTopicFor, ensureTopics } from './topics.ts';

/** The real broker the integration tests run on. */
export const testBrokers = (): string[] => testEngines().kafka.split(',');

/** Specs of one run share the broker, so each works in topics of its own. */
export class TestStream {
  readonly topic = `test-${randomUUID()}`;
  readonly groupId = `group-${this.topic}`;
  readonly brokers = testBrokers();
  readonly connection = { brokers: this.brokers, clientId: 'stream-spec' };
  readonly producer = new EventProducer(this.connection);
  readonly #consumers: StreamConsumer[] = [];

  static async create(partitions = 1): Promise<TestStream> {
    const stream = new TestStream();
    const topic = { name: stream.topic, partitions, retentionMs: null, cleanupPolicy: 'delete' } as const;
    await ensureTopics({ ...stream.connection, topics: [topic, deadLetterTopicFor(stream.topic)] });
    await stream.producer.connect();
    return stream;
  }

  async close(): Promise<void> {
    await Promise.all(this.#consumers.map((consumer) => consumer.stop()));
    await this.producer.disconnect();
  }

  /** Values `from`, `from + 1`, … as decimal text, each keyed by itself. */
  async produce(count: number, { from = 0, partition }: { from?: number; partition?: number } = {}): Promise<void> {
    const values = Array.from({ length: count }, (_, index) => String(from + index));
    await this.producer.send(
      this.topic,
      values.map((value) => ({
        key: value,
        value: Buffer.from(value),
        ...(partition === undefined ? {} : { partition }),
      })),
    );
  }

  consumer(options: Pick<StreamConsumerOptions, 'handle'> & Partial<StreamConsumerOptions>): StreamConsumer {
    const consumer = new StreamConsumer({
      ...this.connection,
      groupId: this.groupId,
      topics: [this.topic],
      isTransient: (error) => error instanceof Error && error.message === 'transient',
      onFatal: () => undefined,
      heartbeatMs: 200,
      maxWaitMs: 50,
      commitEveryMs: 50,
      ...options,
    });
    this.#consumers.push(consumer);
    return consumer;
  }

  async committed(): Promise<string[]> {
    return await this.#asAdmin(async (admin) => {
      const [found] = await admin.fetchOffsets({ groupId: this.groupId, topics: [this.topic] });
      return (found?.partitions ?? []).toSorted((a, b) => a.partition - b.partition).map(({ offset }) => offset);
    });
  }

  async deleteRecordsBelow(offset: string): Promise<void> {
    await this.#asAdmin(async (admin) => {
      // kafkajs knows the partition's leader only after it asked for the topic.
      await admin.fetchTopicOffsets(this.topic);
      await admin.deleteTopicRecords({ topic: this.topic, partitions: [{ partition: 0, offset }] });
    });
  }

  async setCommitted(offset: string): Promise<void> {
    await this.#asAdmin((admin) =>
      admin.setOffsets({ groupId: this.groupId, topic: this.topic, partitions: [{ partition: 0, offset }] }),
    );
  }

  async #asAdmin<Result>(
    use: (admin: ReturnType<ReturnType<typeof connectTo>['admin']>) => Promise<Result>,
  ): Promise<Result> {
    const admin = connectTo(this.connection).admin();
    await admin.connect();
    try {
      return await use(admin);
    } finally {
      await admin.disconnect();
    }
  }
}

export const valueOf = (record: StreamRecord): number => Number(record.value?.toString());

/** A handler that keeps what it saw and marks it done. */
export const collecting =
  (seen: number[]) =>
  async (batch: StreamBatch): Promise<void> => {
    for (const record of batch.records) {
      seen.push(valueOf(record));
      batch.done(record);
    }
  };

export const until = async (condition: () => boolean | Promise<boolean>, timeoutMs = 20_000): Promise<void> => {
  const deadlineMs = Date.now() + timeoutMs;
  while (!(await condition())) {
    if (Date.now() > deadlineMs) throw new Error(`not within ${timeoutMs} ms: ${condition.toString()}`);
    await sleep(20);
  }
};
