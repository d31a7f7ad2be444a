import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { freshTopicPrefix, testEngines } from '@fourway/testing';
import { EventProducer } from './event-producer.ts';
import { readTopic } from './read-topic.ts';
import { ensureTopics } from './topics.ts';

const connection = { brokers: testEngines().kafka.split(','), clientId: 'read-since' };
const topic = `${freshTopicPrefix()}since`;
const producer = new EventProducer(connection);
let betweenMs: number;

beforeAll(async () => {
  const definition = { name: topic, partitions: 3, retentionMs: null, cleanupPolicy: 'delete' } as const;
  await ensureTopics({
    ...connection,
    topics: [{ ...definition, config: { 'message.timestamp.type': 'LogAppendTime' } }],
  });
  await producer.connect();
  const send = (value: string, partition: number): Promise<void> =>
    producer.send(topic, [{ key: null, value: Buffer.from(value), partition }]);
  await send('before 0', 0);
  await send('before 1', 1);
  await sleep(20);
  betweenMs = Date.now();
  await send('after 0', 0);
});
afterAll(() => producer.disconnect());

async function readSince(sinceMs: number): Promise<string[]> {
  const seen: string[] = [];
  await readTopic({
    ...{ ...connection, topic, sinceMs },
    onRecords: (records) => void seen.push(...records.map(({ value }) => String(value))),
  });
  return seen.toSorted();
}

it('starts each partition where the time begins, also where nothing came after it or ever', async () => {
  expect(await readSince(betweenMs)).toEqual(['after 0']);
  expect(await readSince(0)).toEqual(['after 0', 'before 0', 'before 1']);
  expect(await readSince(Date.now() + 60_000)).toEqual([]);
});
