/** How far each stage of a run is, and what it has cost so far. Counts are since the run began. */
export interface RunSample {
  /** Milliseconds since the Unix epoch. */
  readonly atMs: number;
  /** Requests in the topic. */
  readonly requested: number;
  /** Records each stage has passed on: risk-scoring, acquirer-routing, the ledger. */
  readonly scored: number;
  readonly decided: number;
  readonly posted: number;
  /** Answers that no sound request may get. */
  readonly refused: number;
  readonly expired: number;
  /** Microseconds of CPU by process. */
  readonly cpuMicros: Readonly<Record<string, number>>;
  readonly memoryBytes: Readonly<Record<string, number>>;
  /** Without the write-ahead log. */
  readonly postgresBytes: number;
  readonly writeAheadLogBytes: number;
  readonly redisBytes: number;
}

/** Counts of a sample that grow with the run. */
export type StageCount = 'scored' | 'decided' | 'posted';
