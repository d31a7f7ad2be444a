import { expect, it } from '@jest/globals';
import { eventually, freshTopicPrefix, testEngines } from '@fourway/testing';
import { EventProducer } from './event-producer.ts';
import { GroupDelay } from './group-delay.ts';
import { StreamConsumer } from './stream-consumer.ts';
import type { StreamBatch } from './stream-record.ts';
import { ensureTopics } from './topics.ts';

it('is there while a record is older than that and not committed', async () => {
  const connection = { brokers: testEngines().kafka.split(','), clientId: 'group-delay' };
  const topic = `${freshTopicPrefix()}delayed`;
  const groupId = `${topic}-group`;
  const config = { 'message.timestamp.type': 'LogAppendTime' };
  await ensureTopics({
    ...connection,
    topics: [{ name: topic, partitions: 2, retentionMs: null, cleanupPolicy: 'delete', config }],
  });
  const delay = new GroupDelay({ ...connection, groupId, topic });
  expect(await delay.standing(Date.now() + 60_000)).toEqual({ isOverdue: false, done: 0, waiting: 0 });

  const beforeMs = Date.now() - 60_000;
  const producer = new EventProducer(connection);
  await producer.connect();
  await producer.send(topic, [{ key: 'a', value: Buffer.from('a') }]);
  const held: StreamBatch[] = [];
  const consumer = new StreamConsumer({
    ...{ ...connection, groupId, topics: [topic], isTransient: () => false },
    handle: async (batch) => void held.push(batch),
  });
  await consumer.start();
  await eventually(() => expect(held).toHaveLength(1), { withinMs: 30_000 });
  expect(await delay.standing(Date.now() + 60_000)).toEqual({ isOverdue: true, done: 0, waiting: 1 });
  // Young enough.
  expect(await delay.standing(beforeMs)).toMatchObject({ isOverdue: false });

  for (const batch of held) for (const record of batch.records) batch.done(record);
  const done = { isOverdue: false, done: 1, waiting: 0 };
  await eventually(async () => expect(await delay.standing(Date.now() + 60_000)).toEqual(done), { withinMs: 30_000 });
  await delay.close();
  await consumer.stop();
  await producer.disconnect();
});
