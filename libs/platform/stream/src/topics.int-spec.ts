import { describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { EventProducer } from './event-producer.ts';
import { readTopic } from './read-topic.ts';
import { testBrokers, until, valueOf } from './testing-broker.ts';
import { assertTopics, ensureTopics, type TopicDefinition } from './topics.ts';

const connection = { brokers: testBrokers(), clientId: 'topics-spec' };
const definition = (): TopicDefinition => ({
  name: `topic-${randomUUID()}`,
  partitions: 3,
  retentionMs: 604_800_000,
  cleanupPolicy: 'compact,delete',
});

describe('topic definitions on a real broker', () => {
  it('are created once and found as defined', async () => {
    const topics = [definition(), definition()];
    await Promise.all([ensureTopics({ ...connection, topics }), ensureTopics({ ...connection, topics })]);
    await ensureTopics({ ...connection, topics });
    await expect(assertTopics({ ...connection, topics, replicationFactor: 1 })).resolves.toBeUndefined();
  });

  it('refuse to start on a topic that differs, and name each difference', async () => {
    const topic = definition();
    const missing = definition();
    await ensureTopics({ ...connection, topics: [topic] });
    const wanted: TopicDefinition[] = [
      { ...topic, partitions: 6, retentionMs: null, config: { 'min.insync.replicas': '2' } },
      missing,
    ];
    await expect(assertTopics({ ...connection, topics: wanted, replicationFactor: 3 })).rejects.toMatchObject({
      differences: [
        `${missing.name} does not exist`,
        `${topic.name} has 3 partitions, not 6`,
        `${topic.name} has 1 copies, fewer than 3`,
        `${topic.name} has retention.ms=604800000, not -1`,
        `${topic.name} has min.insync.replicas=1, not 2`,
      ],
    });
  });
});

describe('readTopic on a real broker', () => {
  const filled = async (
    count: number,
  ): Promise<{ topic: string; send: (from: number, many: number) => Promise<void>; close: () => Promise<void> }> => {
    const topic = definition();
    await ensureTopics({ ...connection, topics: [topic] });
    const producer = new EventProducer(connection);
    await producer.connect();
    const send = (from: number, many: number): Promise<void> =>
      producer.send(
        topic.name,
        Array.from({ length: many }, (_, index) => ({
          key: String(from + index),
          value: Buffer.from(String(from + index)),
        })),
      );
    await send(0, count);
    return { topic: topic.name, send, close: () => producer.disconnect() };
  };

  it('reads all partitions to the end they had, and ends', async () => {
    const { topic, close } = await filled(3_000);
    const seen: number[] = [];
    const count = await readTopic({
      ...connection,
      topic,
      onRecords: (records) => {
        seen.push(...records.map(valueOf));
      },
    });
    expect(count).toBe(3_000);
    expect(new Set(seen).size).toBe(3_000);
    await close();
  });

  it('ends at once on an empty topic', async () => {
    const { topic, close } = await filled(0);
    expect(await readTopic({ ...connection, topic, onRecords: () => undefined })).toBe(0);
    await close();
  });

  it('starts where it is told', async () => {
    const { topic, close } = await filled(300);
    const first: bigint[] = [];
    const from = [0, 1, 2].map((partition) => ({ topic, partition, offset: 50n }));
    const count = await readTopic({
      ...connection,
      topic,
      from,
      onRecords: ([record]) => {
        if (record !== undefined) first.push(record.offset);
      },
    });
    expect(count).toBe(150);
    expect(first.every((offset) => offset >= 50n)).toBe(true);
    await close();
  });

  it('follows until it is told to stop', async () => {
    const { topic, send, close } = await filled(10);
    const stop = new AbortController();
    const seen: number[] = [];
    const reading = readTopic({
      ...connection,
      topic,
      follow: true,
      signal: stop.signal,
      onRecords: (records) => {
        seen.push(...records.map(valueOf));
      },
    });
    await until(() => seen.length === 10);
    await send(10, 5);
    await until(() => seen.length === 15);
    stop.abort();
    expect(await reading).toBe(15);
    await close();
  });

  it('ends with the error of its reader', async () => {
    const { topic, close } = await filled(10);
    const failing = readTopic({
      ...connection,
      topic,
      onRecords: () => {
        throw new Error('disk full');
      },
    });
    await expect(failing).rejects.toThrow('disk full');
    await close();
  });
});
