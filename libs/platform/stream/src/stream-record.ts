/** Header values as they travelled; the last one when a name came twice. */
export type StreamHeaders = Readonly<Record<string, Buffer>>;

/** One record of a topic, as the broker stored it. */
export interface StreamRecord {
  readonly topic: string;
  readonly partition: number;
  readonly offset: bigint;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: StreamHeaders;
  readonly timestampMs: number;
}

export interface TopicPartition {
  readonly topic: string;
  readonly partition: number;
}

export interface TopicPartitionOffset extends TopicPartition {
  readonly offset: bigint;
}

/** How far the reading of one partition has come. */
export interface PartitionProgress extends TopicPartition {
  /** Counts assignments: another number means that the partition may have had another owner in between. */
  readonly generation: number;
  /** The offset after the last record that was taken in. */
  readonly consumedTo: bigint;
  /** Every record below this offset is done. */
  readonly doneTo: bigint;
  /** Where the log ended when this member took the partition over. */
  readonly logEndAtStart: bigint;
}

/** Why a record was set aside: a stable code for alerts and a sentence for the operator. */
export interface DeadLetterReason {
  readonly code: string;
  readonly detail: string;
}

/** What all assigned partitions handed over together; in offset order within each partition. */
export interface StreamBatch {
  readonly records: readonly StreamRecord[];
  /**
   * Comes when every batch that was handed over earlier has been handled, however often it had to be repeated. Handlers run side by side; one
   * that waits here before it passes its records on keeps their order.
   */
  readonly turn: Promise<void>;
  /** This record's offset may be passed. Idempotent and cheap; may be called long after the handler returned. */
  done(record: StreamRecord): void;
  /** Sets the record aside; it counts as done once its dead letter entry is acknowledged. */
  deadLetter(record: StreamRecord, reason: DeadLetterReason): void;
}

export const partitionKey = ({ topic, partition }: TopicPartition): string => `${topic}/${partition}`;
