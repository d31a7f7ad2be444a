import { expect, it } from '@jest/globals';
import { eventually, freshTopicPrefix, testEngines } from '@fourway/testing';
import { EndOffsetReader } from './end-offset-reader.ts';
import { EventProducer } from './event-producer.ts';
import { ensureTopics } from './topics.ts';

it('counts what every partition was given, again and again over its one connection', async () => {
  const connection = { brokers: testEngines().kafka.split(','), clientId: 'end-offset-reader' };
  const topic = `${freshTopicPrefix()}counted`;
  await ensureTopics({
    ...connection,
    topics: [{ name: topic, partitions: 3, retentionMs: null, cleanupPolicy: 'delete' }],
  });
  const producer = new EventProducer(connection);
  await producer.connect();
  const reader = await EndOffsetReader.connect(connection);
  await eventually(async () => expect(await reader.recordsIn(topic)).toBe(0));
  for (const round of [1, 2]) {
    const keys = Array.from({ length: 30 }, (_, i) => `${round}-${i}`);
    await producer.send(
      topic,
      keys.map((key) => ({ key, value: Buffer.from(key) })),
    );
    expect(await reader.recordsIn(topic)).toBe(30 * round);
  }
  await expect(reader.recordsIn(`${topic}-none`)).rejects.toThrow();
  await reader.close();
  await producer.disconnect();
});
