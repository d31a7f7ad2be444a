import type { EventMessage } from './event-producer.ts';
import type { DeadLetterReason, StreamHeaders, StreamRecord } from './stream-record.ts';

/** A record that was set aside, with everything needed to judge it and to send it again. */
export interface DeadLetter {
  /** `<topic>/<partition>/<offset>` of the original record: its name in the CLI, and what makes a redelivery the same entry. */
  readonly id: string;
  readonly topic: string;
  readonly partition: number;
  readonly offset: bigint;
  readonly reason: DeadLetterReason;
  readonly failedAtMs: number;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: StreamHeaders;
}

const prefix = 'dlq-';
const maxDetailLength = 400;

export const deadLetterTopicOf = (topic: string): string => `${topic}.dlq`;

export const deadLetterIdOf = ({
  topic,
  partition,
  offset,
}: Pick<StreamRecord, 'topic' | 'partition' | 'offset'>): string => `${topic}/${partition}/${offset}`;

// An error's text may quote its input; a run of digits as long as a card number does not leave the process.
const safeDetail = (detail: string): string => detail.replace(/\d{12,}/g, '[digits]').slice(0, maxDetailLength);

// A producer must not be able to forge an entry's origin.
const withoutOwn = (headers: StreamHeaders): StreamHeaders =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => !name.startsWith(prefix)));

/** The entry for a record. A `null` value would be a tombstone in the compacted topic, so it travels as a mark. */
export const toDeadLetterMessage = (
  record: StreamRecord,
  reason: DeadLetterReason,
  failedAtMs: number,
): EventMessage => ({
  key: deadLetterIdOf(record),
  value: record.value ?? Buffer.alloc(0),
  headers: {
    ...withoutOwn(record.headers),
    [`${prefix}topic`]: record.topic,
    [`${prefix}partition`]: String(record.partition),
    [`${prefix}offset`]: String(record.offset),
    [`${prefix}code`]: reason.code,
    [`${prefix}detail`]: safeDetail(reason.detail),
    [`${prefix}time`]: new Date(failedAtMs).toISOString(),
    ...(record.key === null ? {} : { [`${prefix}key`]: record.key }),
    ...(record.value === null ? { [`${prefix}null-value`]: '1' } : {}),
  },
});

/** Reads an entry back; undefined for a record that is no entry (somebody else's record in the topic). */
export const parseDeadLetter = (entry: StreamRecord): DeadLetter | undefined => {
  const header = (name: string): string => entry.headers[prefix + name]?.toString() ?? '';
  const [topic, partition, offset] = [header('topic'), header('partition'), header('offset')];
  if (topic === '' || !/^\d+$/.test(partition) || !/^\d+$/.test(offset)) return undefined;
  const origin = { topic, partition: Number(partition), offset: BigInt(offset) };
  return {
    id: deadLetterIdOf(origin),
    ...origin,
    reason: { code: header('code'), detail: header('detail') },
    failedAtMs: Date.parse(header('time')),
    key: entry.headers[`${prefix}key`] ?? null,
    value: header('null-value') === '' ? entry.value : null,
    headers: withoutOwn(entry.headers),
  };
};
