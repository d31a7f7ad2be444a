/** What a consumer counts; called once a batch or rarer, never once a record. */
export type StreamCount =
  | 'rebalances'
  | 'crashes'
  | 'dead_letters'
  | 'handler_retries'
  | 'handler_failures'
  | 'commits'
  | 'commit_failures'
  | 'partitions_refused'
  | 'partitions_recovered';

/** Where a consumer reports what it cannot be asked for later; bind it to the registry of the process. */
export interface StreamMetrics {
  batchHandled(records: number, durationMs: number): void;
  count(what: StreamCount): void;
}

export const noMetrics: StreamMetrics = {
  batchHandled() {},
  count() {},
};

/** The state of one assigned partition, for gauges read at scrape time. */
export interface PartitionStatistics {
  readonly topic: string;
  readonly partition: number;
  /** Records between the first one not done and the end of the log, as last seen. */
  readonly lagRecords: number;
  readonly openRecords: number;
  /** True: its position is outside the log, and nothing is read from it until an operator decides. */
  readonly refused: boolean;
}

export interface ConsumerStatistics {
  readonly partitions: readonly PartitionStatistics[];
  readonly openRecords: number;
  readonly batchesInFlight: number;
  readonly lastProgressMs: number;
}
