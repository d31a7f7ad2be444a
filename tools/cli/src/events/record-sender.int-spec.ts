import { expect, it } from '@jest/globals';
import { ensureTopics, EventProducer, readTopic } from '@fourway/platform-stream';
import { freshTopicPrefix, testEngines } from '@fourway/testing';
import { RecordSender } from './record-sender.ts';

it('goes on after it was asked to send nothing', async () => {
  const connection = { brokers: testEngines().kafka.split(','), clientId: 'record-sender' };
  const topic = `${freshTopicPrefix()}sent`;
  await ensureTopics({
    ...connection,
    topics: [{ name: topic, partitions: 1, retentionMs: null, cleanupPolicy: 'delete' }],
  });
  const producer = new EventProducer(connection);
  await producer.connect();
  const sender = new RecordSender(producer, topic, 20_000);
  sender.send([]);
  expect(sender.isIdle).toBe(true);
  sender.send([{ key: 'a', value: Buffer.from('1') }]);
  sender.send([{ key: 'a', value: Buffer.from('2') }]);
  await sender.flush();
  await producer.disconnect();

  const values: string[] = [];
  await readTopic({
    ...connection,
    topic,
    onRecords: (records) => void values.push(...records.map((r) => String(r.value))),
  });
  expect(values).toEqual(['1', '2']);
});
