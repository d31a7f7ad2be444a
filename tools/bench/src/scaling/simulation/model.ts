/** One step of a batch's way through a stage. */
export interface Visit {
  /** Which station does the work: `thread` is the replica's own; none: time passes without work, as for a round trip. */
  readonly station?: string;
  /** Milliseconds a batch, whatever its size. */
  readonly fixedMs: number;
  /** Microseconds a record. */
  readonly perRecordMicros: number;
  /** Work that nobody waits for. */
  readonly isAside?: boolean;
}

/** Servers that do work for all stages, first come first served. */
export interface StationModel {
  readonly name: string;
  /** A batch is shared out over all of them, as over the nodes of a cluster. */
  readonly nodes: number;
  /** Of each node. */
  readonly servers: number;
  /** Whose cores it needs; none: it has as many as it has servers. */
  readonly host?: string;
}

/** Cores that several stations and threads share in slices. */
export interface HostModel {
  readonly name: string;
  readonly cores: number;
}

/** A consumer group that takes batches from a topic and passes each record on when the batch is through. */
export interface StageModel {
  readonly name: string;
  readonly replicas: number;
  readonly maxBatch: number;
  /** Batches a replica has under way at once. */
  readonly inFlight: number;
  /** Up to so long after its arrival a record is fetched, milliseconds. */
  readonly pickUpMs: number;
  readonly visits: readonly Visit[];
  /** Cores that its threads need; none: each replica has its own. */
  readonly host?: string;
  /** Records change partition here, as their key does; else they keep the one they came in. */
  readonly rekeyed?: boolean;
}

export interface ClusterModel {
  /** Of every topic. */
  readonly partitions: number;
  /** The busiest key's share of the records of a rekeyed topic, from 0 to 1: they are all in one partition. */
  readonly hottestShare: number;
  readonly hosts: readonly HostModel[];
  readonly stations: readonly StationModel[];
  readonly stages: readonly StageModel[];
}

/** A replica that dies: its partitions wait for the session to end and for the group to agree again. */
export interface ReplicaLoss {
  readonly stage: string;
  readonly atMs: number;
  /** Until the others have its partitions, milliseconds. */
  readonly takeOverMs: number;
}

export interface LoadModel {
  readonly seed: number;
  /** Records that lie ready when the clock starts. */
  readonly preloaded: number;
  /** Records a second after that, in the moments of a Poisson process. */
  readonly perSecond: number;
  /** Milliseconds for which records come; the simulation ends when all are through, or when `mostMs` have passed. */
  readonly arrivingMs: number;
  readonly mostMs: number;
  /** Records that came earlier are left out of the percentiles, milliseconds. */
  readonly warmUpMs: number;
  readonly loss?: ReplicaLoss;
}

export interface Prediction {
  /** Records that arrived, and those that are through the last stage. */
  readonly arrived: number;
  readonly finished: number;
  /** From the start to the last record through, milliseconds. */
  readonly lastMs: number;
  readonly perSecond: number;
  /** From arrival until each stage has passed a record on, milliseconds. */
  readonly latencyMs: Readonly<Record<string, { readonly p50: number; readonly p99: number }>>;
  /** Part of the time that servers worked, from 0 to 1; threads as `<stage> thread`, hosts by their name. */
  readonly utilisation: Readonly<Record<string, number>>;
  /** The most records that waited before each stage. */
  readonly mostWaiting: Readonly<Record<string, number>>;
  /** Mean records a batch. */
  readonly batchRecords: Readonly<Record<string, number>>;
}
