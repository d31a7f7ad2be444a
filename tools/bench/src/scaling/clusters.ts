import type { MeasuredCosts } from './costs.ts';
import type { ClusterModel, StageModel, StationModel, Visit } from './simulation/model.ts';

/** How many of everything a cluster has. */
export interface Sizing {
  readonly partitions: number;
  readonly replicas: Readonly<Record<StageName, number>>;
  readonly postgresNodes: number;
  readonly postgresCores: number;
  readonly redisNodes: number;
  readonly kafkaBrokers: number;
}

export const stageNames = ['risk-scoring', 'acquirer-routing', 'settlement'] as const;
export type StageName = (typeof stageNames)[number];

/** The busiest merchant's share of a day, rounded up: the metro of the largest city in the sample world has 1.7 %. */
export const hottestShare = 0.02;

/** Round trips in milliseconds; the same in one machine and in one data centre but for what is replicated. */
interface Delays {
  /** fsync of the write-ahead log, on a synchronous standby too where there is one. */
  readonly commitMs: number;
  readonly produceMs: number;
  readonly roundTripMs: number;
}

/** A group fetches again after so long where little came (`StreamConsumer`), settlement less often. */
const pickUpMs = { stream: 10, settlement: 50 } as const;
/** What a fetch, a statement and a produce cost a thread whatever they hold, milliseconds; profiles at a low rate. */
const perBatchMs = { thread: 0.6, statement: 0.5, fetch: 0.3 } as const;

/** Every process on one machine of two cores, as the bench measures it. */
export function singleMachine(costs: MeasuredCosts, replicas = 1): ClusterModel {
  const host = 'machine';
  const station = (name: string, servers: number): StationModel => ({ name, nodes: 1, servers, host });
  return {
    ...{ partitions: 8, hottestShare, hosts: [{ name: host, cores: 2 }] },
    stations: [
      station('redis', 1),
      station('postgres', 8),
      station('kafka', 8),
      station('acquirers', 2),
      station('others', 3),
    ],
    stages: stagesOf(
      costs,
      { commitMs: 2.5, produceMs: 1, roundTripMs: 0.1 },
      { kafkaCopies: 1, postgresCopies: 1 },
    ).map((stage) => ({ ...stage, host, replicas })),
  };
}

/** Replicas on cores of their own; three brokers with three copies, a synchronous standby for each Postgres. */
export function clusterOf(costs: MeasuredCosts, sizing: Sizing): ClusterModel {
  const { partitions, replicas, postgresNodes, postgresCores, redisNodes, kafkaBrokers } = sizing;
  const stages = stagesOf(
    costs,
    { commitMs: 5, produceMs: 4, roundTripMs: 0.5 },
    { kafkaCopies: 3, postgresCopies: 1 },
  );
  return {
    ...{ partitions, hottestShare, hosts: [] },
    stations: [
      { name: 'redis', nodes: redisNodes, servers: 1 },
      { name: 'postgres', nodes: postgresNodes, servers: postgresCores },
      { name: 'kafka', nodes: kafkaBrokers, servers: 4 },
      { name: 'acquirers', nodes: 1, servers: 64 },
      { name: 'others', nodes: 1, servers: 64 },
    ],
    stages: stages.map((stage) => ({ ...stage, replicas: replicas[stageNameOf(stage)] })),
  };
}

const stageNameOf = ({ name }: StageModel): StageName => stageNames.find((each) => each === name) ?? 'settlement';

/** Where Postgres' and Redis' microseconds go: shares of what was measured over the whole path (docs/performance.md). */
export const postgresShare = { claim: 0.28, outcome: 0.36, fact: 0.36 } as const;
const redisShare = { velocity: 0.8, merchants: 0.2 } as const;
/** A record is written to three topics and read by four groups. */
const kafkaShare = { scored: 0.3, outcomes: 0.5, read: 0.2 } as const;

function stagesOf(
  { cpuMicros }: MeasuredCosts,
  { commitMs, produceMs, roundTripMs }: Delays,
  { kafkaCopies, postgresCopies }: { kafkaCopies: number; postgresCopies: number },
): StageModel[] {
  const thread = (name: StageName, share: number): Visit => ({
    ...{ station: 'thread', fixedMs: perBatchMs.thread, perRecordMicros: cpuMicros[name] * share },
  });
  const delay = (fixedMs: number): Visit => ({ fixedMs, perRecordMicros: 0 });
  const redis = (share: number): Visit[] => [
    { station: 'redis', fixedMs: 0.05, perRecordMicros: cpuMicros.redis * share },
    delay(roundTripMs),
  ];
  const statement = (share: number): Visit[] => [
    {
      station: 'postgres',
      fixedMs: perBatchMs.statement,
      perRecordMicros: cpuMicros.postgres * share * postgresCopies,
    },
    delay(commitMs),
  ];
  const produce = (share: number): Visit[] => [
    { station: 'kafka', fixedMs: perBatchMs.fetch, perRecordMicros: cpuMicros.kafka * share * kafkaCopies },
    delay(produceMs),
  ];
  const others = cpuMicros['qr-payment'] + cpuMicros['front-door'] + cpuMicros['partner-platform'];
  return [
    {
      ...{ name: 'risk-scoring', replicas: 1, maxBatch: 2_000, inFlight: 2, pickUpMs: pickUpMs.stream },
      visits: [
        thread('risk-scoring', 0.6),
        ...redis(redisShare.velocity),
        thread('risk-scoring', 0.4),
        ...produce(kafkaShare.scored + kafkaShare.read),
      ],
    },
    {
      ...{
        name: 'acquirer-routing',
        replicas: 1,
        maxBatch: 2_000,
        inFlight: 5,
        pickUpMs: pickUpMs.stream,
        rekeyed: true,
      },
      visits: [
        ...[thread('acquirer-routing', 0.4), ...redis(redisShare.merchants), ...statement(postgresShare.claim)],
        ...[thread('acquirer-routing', 0.3), acquirer(cpuMicros.acquirers), delay(roundTripMs)],
        ...[thread('acquirer-routing', 0.3), ...statement(postgresShare.outcome), ...produce(kafkaShare.outcomes)],
        { station: 'others', fixedMs: 0, perRecordMicros: others, isAside: true },
      ],
    },
    {
      ...{ name: 'settlement', replicas: 1, maxBatch: 4_000, inFlight: 1, pickUpMs: pickUpMs.settlement },
      visits: [thread('settlement', 1), ...statement(postgresShare.fact)],
    },
  ];
}

const acquirer = (perRecordMicros: number): Visit => ({ station: 'acquirers', fixedMs: 0.1, perRecordMicros });
