import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { SendFailedError } from './event-producer.ts';
import { readTopic } from './read-topic.ts';
import { TestStream, valueOf } from './testing-broker.ts';

describe('EventProducer on a real broker', () => {
  let stream: TestStream;
  beforeEach(async () => {
    stream = await TestStream.create();
  });
  afterEach(async () => {
    await stream.close();
  });
  const stored = async (): Promise<number[]> => {
    const values: number[] = [];
    await readTopic({
      ...stream.connection,
      topic: stream.topic,
      onRecords: (records) => {
        values.push(...records.map(valueOf));
      },
    });
    return values;
  };

  it('keeps the order of concurrent calls and acknowledges them all', async () => {
    await Promise.all(Array.from({ length: 500 }, (_, index) => stream.produce(20, { from: index * 20 })));
    expect(await stored()).toEqual(Array.from({ length: 10_000 }, (_, index) => index));
  });

  it('splits what is larger than one request', async () => {
    const value = Buffer.alloc(300_000, 1);
    await stream.producer.send(
      stream.topic,
      Array.from({ length: 10 }, () => ({ key: 'k', value })),
    );
    expect(await stored()).toHaveLength(10);
  });

  it('fails only the call whose message the broker refuses, not the calls it was sent with', async () => {
    const outcomes = await Promise.allSettled([
      stream.produce(1, { from: 1 }),
      stream.producer.send(stream.topic, [{ key: 'k', value: Buffer.alloc(2_000_000) }]),
      stream.produce(1, { from: 2 }),
    ]);
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(outcomes[1]).toMatchObject({ reason: expect.any(SendFailedError) });
    expect(outcomes[1]).toMatchObject({ reason: { retryable: false } });
  });

  it('sends what is waiting before it disconnects, and refuses calls after', async () => {
    const sends = Array.from({ length: 50 }, (_, index) => stream.produce(100, { from: index * 100 }));
    await stream.producer.disconnect();
    await Promise.all(sends);
    expect(await stored()).toHaveLength(5_000);
    await expect(stream.produce(1)).rejects.toThrow(SendFailedError);
  });
});
