import { expect, it } from '@jest/globals';
import { eventually, freshTopicPrefix, testEngines } from '@fourway/testing';
import { endOffsets } from './end-offsets.ts';
import { EventProducer } from './event-producer.ts';
import { readTopic } from './read-topic.ts';
import { ensureTopics } from './topics.ts';

it('is where a reader sees what comes later and nothing from before', async () => {
  const connection = { brokers: testEngines().kafka.split(','), clientId: 'end-offsets' };
  const topic = `${freshTopicPrefix()}end`;
  await ensureTopics({
    ...connection,
    topics: [{ name: topic, partitions: 2, retentionMs: null, cleanupPolicy: 'delete' }],
  });
  const producer = new EventProducer(connection);
  await producer.connect();
  const send = (text: string) => producer.send(topic, [{ key: text, value: Buffer.from(text) }]);
  await send('before');

  const from = await endOffsets({ ...connection, topic });
  await send('after');
  const seen: string[] = [];
  const reading = new AbortController();
  const done = readTopic({
    ...connection,
    ...{ topic, from, follow: true, signal: reading.signal },
    onRecords: (records) => void seen.push(...records.map(({ value }) => String(value))),
  });
  await eventually(() => expect(seen).toEqual(['after']));
  await send('later');
  await eventually(() => expect(seen).toEqual(['after', 'later']));
  reading.abort();
  await done;
  await producer.disconnect();
});
