import type { MeasuredCosts } from './costs.ts';
import { postgresShare, stageNames, type Sizing, type StageName } from './clusters.ts';

export interface DayLoad {
  readonly paymentsADay: number;
  /** The busiest hour's rate to the day's mean. */
  readonly peakFactor: number;
}

export const hundredfoldDay: DayLoad = { paymentsADay: 800_000_000, peakFactor: 3 };

export const meanPerSecond = ({ paymentsADay }: DayLoad): number => paymentsADay / 86_400;
export const peakPerSecond = (load: DayLoad): number => meanPerSecond(load) * load.peakFactor;

/** What a server may be busy at the peak: beyond that queues grow faster than they are worked off. */
const mostBusy = 0.6;
const copiesInKafka = 3;

/** The least of everything that carries a load's peak with one of each lost, from measured microseconds. */
export function sizingFor({ cpuMicros }: MeasuredCosts, load: DayLoad): Sizing {
  const perSecond = peakPerSecond(load);
  const busy = (micros: number): number => (perSecond * micros) / 1_000_000;
  const withOneLost = (micros: number): number => Math.ceil(busy(micros) / mostBusy) + 1;
  const replicas: Record<StageName, number> = {
    'risk-scoring': withOneLost(cpuMicros['risk-scoring']),
    'acquirer-routing': withOneLost(cpuMicros['acquirer-routing']),
    // One transaction after the other: its thread waits while Postgres posts.
    settlement: withOneLost(cpuMicros.settlement + cpuMicros.postgres * postgresShare.fact),
  };
  return {
    ...{ replicas, partitions: partitionsFor(replicas) },
    ...{ postgresNodes: 1, postgresCores: Math.ceil(busy(cpuMicros.postgres) / mostBusy) },
    redisNodes: Math.ceil(busy(cpuMicros.redis) / mostBusy),
    // Four cores each; the log is written by as many as have a copy.
    kafkaBrokers: Math.max(3, Math.ceil(busy(cpuMicros.kafka * copiesInKafka) / mostBusy / 4) + 1),
  };
}

/** Fixed for good, so with room: each replica of the widest group has six, and the loss of one is shared by all others. */
const partitionsFor = (replicas: Readonly<Record<StageName, number>>): number =>
  Math.ceil((Math.max(...stageNames.map((name) => replicas[name])) * 6) / 8) * 8;

/** One more of everything that is busier than it should be at the peak: what batches cost, whatever they hold, is known only then. */
export function widened(sizing: Sizing, utilisation: Readonly<Record<string, number>>): Sizing {
  const more = (name: string): number => ((utilisation[name] ?? 0) > mostBusy ? 1 : 0);
  const replicas: Record<StageName, number> = {
    'risk-scoring': sizing.replicas['risk-scoring'] + more('risk-scoring thread'),
    'acquirer-routing': sizing.replicas['acquirer-routing'] + more('acquirer-routing thread'),
    settlement: sizing.replicas.settlement + more('settlement thread'),
  };
  return {
    ...{ replicas, partitions: partitionsFor(replicas), postgresNodes: sizing.postgresNodes },
    postgresCores: sizing.postgresCores + more('postgres'),
    redisNodes: sizing.redisNodes + more('redis'),
    kafkaBrokers: sizing.kafkaBrokers + more('kafka'),
  };
}

export const isCalm = (utilisation: Readonly<Record<string, number>>): boolean =>
  Object.values(utilisation).every((part) => part <= mostBusy);
