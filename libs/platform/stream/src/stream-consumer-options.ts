import type { StreamLogger } from './stream-logger.ts';
import type { StreamMetrics } from './stream-metrics.ts';
import type { StreamBatch, TopicPartition, TopicPartitionOffset } from './stream-record.ts';

export interface StreamConsumerOptions {
  readonly brokers: readonly string[];
  readonly clientId: string;
  /**
   * True where no two living processes share this client id, as with one of a replica: a member of that name that is in the group
   * when this one starts is its own dead predecessor and is removed, rather than waited for until its session ends. Default false.
   */
  readonly isOnlyOfItsName?: boolean;
  readonly groupId: string;
  readonly topics: readonly string[];
  /**
   * Handles a micro-batch. May return before its records are done; resolving only makes room for another batch.
   * What it throws is retried (transient) or narrowed down to the record that causes it (anything else), so it must be idempotent.
   */
  readonly handle: (batch: StreamBatch) => Promise<void>;
  /** True: a resolved `handle` means that all records of the batch are done. Default false. */
  readonly handleAll?: boolean;
  /** Faults that pass by themselves: a lost database connection, a serialization failure. Everything else is held against a record. */
  readonly isTransient: (error: unknown) => boolean;
  /** Records in one batch at most. Default 2000. */
  readonly maxBatch?: number;
  /** Handlers running at once. Default 2; with 1, batches are strictly one after the other. */
  readonly maxInFlightBatches?: number;
  /**
   * Milliseconds after which a fetch that brought little is followed by the next one; up to twice as many where more comes, none where a
   * fetch was full. Default 10: at light load a fetch for every record would cost the broker and us more than the records do. Delays no
   * record that is already here.
   */
  readonly fetchPauseMs?: number;
  /** Records admitted and not done, waiting ones included; above it nothing is admitted. Default 20000. */
  readonly maxOpenRecords?: number;
  readonly commitEveryMs?: number;
  readonly sessionTimeoutMs?: number;
  readonly heartbeatMs?: number;
  /** How long the broker may hold an empty fetch. It delays no record, only the end of a pause, a stop and the notice of a rebalance. Default 500. */
  readonly maxWaitMs?: number;
  /** Bytes of one partition in one fetch. Default 256 KiB. */
  readonly maxBytesPerPartition?: number;
  /** A partition with work and without progress for this long ends the process. Default 60000. */
  readonly stallTimeoutMs?: number;
  /** How long `stop` lets open records finish. Default 10000; all of `stop` stays below 20 s. */
  readonly drainTimeoutMs?: number;
  /** For consumers that keep their offsets themselves: where to start, asked at every assignment. A partition left out starts at the beginning. */
  readonly startFrom?: (assigned: readonly TopicPartition[]) => Promise<readonly TopicPartitionOffset[]>;
  /** Called once when the consumer cannot go on. Default: log and exit(1), so that the supervisor starts a new process. */
  readonly onFatal?: (error: Error) => void;
  readonly logger?: StreamLogger;
  readonly metrics?: StreamMetrics;
}

export const consumerDefaults = {
  isOnlyOfItsName: false,
  handleAll: false,
  maxBatch: 2_000,
  maxInFlightBatches: 2,
  fetchPauseMs: 10,
  maxOpenRecords: 20_000,
  commitEveryMs: 500,
  sessionTimeoutMs: 10_000,
  heartbeatMs: 1_000,
  maxWaitMs: 500,
  maxBytesPerPartition: 256 * 1024,
  stallTimeoutMs: 60_000,
  drainTimeoutMs: 10_000,
};

export interface ConsumerHealth {
  /** False: the process should be restarted. */
  readonly live: boolean;
  /** True: partitions are assigned and all of them are read (or the group has more members than partitions). */
  readonly ready: boolean;
  readonly reason?: string;
  readonly lagRecords: number;
}
