import { describe, it, expect } from '@jest/globals';
import { parseDeadLetter, toDeadLetterMessage } from './dead-letter.ts';
import type { StreamRecord } from './stream-record.ts';

const record: StreamRecord = {
  topic: 'payments.requested.v1',
  partition: 3,
  offset: 42n,
  key: Buffer.from([0, 255]),
  value: Buffer.from([1, 2, 254]),
  headers: { traceparent: Buffer.from('00-ab-cd-01') },
  timestampMs: 7,
};

const travel = (from: StreamRecord): StreamRecord => {
  const { key, value, headers } = toDeadLetterMessage(from, { code: 'undecodable', detail: 'no field 1' }, 1_000);
  const stored = Object.fromEntries(Object.entries(headers ?? {}).map(([name, bytes]) => [name, Buffer.from(bytes)]));
  return {
    ...from,
    topic: `${from.topic}.dlq`,
    partition: 0,
    offset: 9n,
    key: Buffer.from(key ?? ''),
    value,
    headers: stored,
  };
};

describe('dead letter entry', () => {
  it('brings back the original bytes, headers, place and reason', () => {
    expect(parseDeadLetter(travel(record))).toEqual({
      id: 'payments.requested.v1/3/42',
      topic: record.topic,
      partition: 3,
      offset: 42n,
      key: record.key,
      value: record.value,
      headers: record.headers,
      reason: { code: 'undecodable', detail: 'no field 1' },
      failedAtMs: 1_000,
    });
  });

  it('of a record without a value is not a tombstone', () => {
    const entry = travel({ ...record, value: null, key: null });
    expect(entry.value).not.toBeNull();
    expect(parseDeadLetter(entry)).toMatchObject({ key: null, value: null });
  });

  it("does not let a producer's headers forge the place of origin", () => {
    const forged = {
      ...record,
      headers: { 'dlq-topic': Buffer.from('elsewhere'), 'dlq-null-value': Buffer.from('1') },
    };
    expect(parseDeadLetter(travel(forged))).toMatchObject({ topic: record.topic, value: record.value, headers: {} });
  });

  it('keeps no run of digits long enough to be a card number in its reason', () => {
    const { headers } = toDeadLetterMessage(record, { code: 'x', detail: 'bad "6200000012345678" in input' }, 0);
    expect(headers?.['dlq-detail']).toBe('bad "[digits]" in input');
  });

  it('is not recognised in a record somebody else wrote', () => {
    expect(parseDeadLetter(record)).toBeUndefined();
  });
});
