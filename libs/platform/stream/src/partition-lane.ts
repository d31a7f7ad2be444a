import type { KafkaMessage } from 'kafkajs';
import { OffsetTracker } from './offset-tracker.ts';
import type { RecordBudget } from './record-budget.ts';
import type { StreamHeaders, StreamRecord, TopicPartition } from './stream-record.ts';

const noHeaders: StreamHeaders = Object.freeze({});

type LaneState = 'preparing' | 'reading' | 'refused' | 'closed';

/**
 * One partition in one generation of the group. A rebalance or a seek closes the lane and opens another one:
 * what was handed over before still frees memory when done, and can no longer move an offset.
 */
export class PartitionLane implements TopicPartition {
  readonly topic: string;
  readonly partition: number;
  readonly #budget: RecordBudget;
  #tracker = new OffsetTracker(0n);
  #state: LaneState = 'preparing';
  committedOffset = -1n;
  highWatermark = 0n;
  /** Where the log ended when this member took the partition over. */
  logEndAtStart = 0n;

  constructor({ topic, partition }: TopicPartition, budget: RecordBudget) {
    this.topic = topic;
    this.partition = partition;
    this.#budget = budget;
  }

  get state(): LaneState {
    return this.#state;
  }

  get tracker(): OffsetTracker {
    return this.#tracker;
  }

  get lagRecords(): number {
    const lag = this.highWatermark - this.#tracker.committable;
    return lag > 0n ? Number(lag) : 0;
  }

  /** `committed` is what the group has stored, or -1 for nothing. */
  startAt(position: bigint, committed: bigint): void {
    this.#tracker = new OffsetTracker(position);
    this.committedOffset = committed;
    this.#state = 'reading';
  }

  refuse(): void {
    this.#state = 'refused';
  }

  close(): void {
    this.#state = 'closed';
  }

  /** The places for these records were taken from the budget before. */
  admit(messages: readonly KafkaMessage[]): LaneRecord[] {
    return messages.map((message) => new LaneRecord(message, this));
  }

  isOpen(sequence: number): boolean {
    return this.#state !== 'closed' && this.#tracker.isOpen(sequence);
  }

  done(sequence: number): void {
    if (this.#tracker.done(sequence)) this.#budget.release(1);
  }
}

/** A record that knows its lane. The interface that handlers see hides that. */
export class LaneRecord implements StreamRecord {
  readonly topic: string;
  readonly partition: number;
  readonly offset: bigint;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: StreamHeaders;
  readonly timestampMs: number;
  readonly lane: PartitionLane;
  readonly sequence: number;
  isDeadLetter = false;

  constructor(message: KafkaMessage, lane: PartitionLane) {
    this.topic = lane.topic;
    this.partition = lane.partition;
    this.offset = BigInt(message.offset);
    this.key = message.key;
    this.value = message.value;
    this.headers = readHeaders(message.headers);
    this.timestampMs = Number(message.timestamp);
    this.lane = lane;
    this.sequence = lane.tracker.admit(this.offset);
  }

  get isOpen(): boolean {
    return this.lane.isOpen(this.sequence);
  }

  done(): void {
    this.lane.done(this.sequence);
  }
}

const bytesOf = (value: Buffer | string): Buffer => (typeof value === 'string' ? Buffer.from(value) : value);

export const readHeaders = (headers: KafkaMessage['headers']): StreamHeaders => {
  let read: Record<string, Buffer> | undefined;
  for (const name in headers) {
    const value = headers[name];
    const last = Array.isArray(value) ? value.at(-1) : value;
    if (last !== undefined) (read ??= {})[name] = bytesOf(last);
  }
  return read ?? noHeaders;
};
