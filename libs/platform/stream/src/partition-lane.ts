import { OffsetTracker } from './offset-tracker.ts';
import type { FetchedBatch, RawRecord } from './record-batch/fetched-batch.ts';
import type { RecordBudget } from './record-budget.ts';
import type { StreamHeaders, StreamRecord, TopicPartition } from './stream-record.ts';

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
  #fetchedTo = 0n;
  #waiting = 0;
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
    this.#fetchedTo = position;
    this.committedOffset = committed;
    this.#state = 'reading';
  }

  refuse(): void {
    this.#state = 'refused';
  }

  close(): void {
    this.#state = 'closed';
  }

  /** Where the next fetch begins: the records between the tracker's position and here wait for their turn. */
  get fetchedTo(): bigint {
    return this.#fetchedTo;
  }

  /** Notes that everything below `offset` was fetched, and that `waiting` records of it are to be read. */
  fetched(offset: bigint, waiting: number): void {
    if (offset > this.#fetchedTo) this.#fetchedTo = offset;
    this.#waiting += waiting;
    this.#skipGap();
  }

  /** The next records of a batch that was fetched; their places were taken from the budget before. */
  read(batch: FetchedBatch, count: number): LaneRecord[] {
    const records = Array.from({ length: count }, () => new LaneRecord(batch.next(), this));
    this.#waiting -= count;
    this.#skipGap();
    return records;
  }

  // Offsets without a record (control records, compacted ones) are passed over; never while records before them wait to be read.
  #skipGap(): void {
    if (this.#waiting === 0) this.#tracker.skipTo(this.#fetchedTo);
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
  readonly offset: bigint;
  readonly timestampMs: number;
  readonly value: Buffer | null;
  readonly lane: PartitionLane;
  readonly sequence: number;
  readonly #raw: RawRecord;
  isDeadLetter = false;

  constructor(raw: RawRecord, lane: PartitionLane) {
    this.offset = raw.offset;
    this.timestampMs = raw.timestampMs;
    this.value = raw.value;
    this.lane = lane;
    this.sequence = lane.tracker.admit(raw.offset);
    this.#raw = raw;
  }

  get topic(): string {
    return this.lane.topic;
  }

  get partition(): number {
    return this.lane.partition;
  }

  get key(): Buffer | null {
    return this.#raw.key;
  }

  get headers(): StreamHeaders {
    return this.#raw.headers;
  }

  get isOpen(): boolean {
    return this.lane.isOpen(this.sequence);
  }

  done(): void {
    this.lane.done(this.sequence);
  }
}
