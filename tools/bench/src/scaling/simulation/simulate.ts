import { defined } from '@fourway/kernel';
import { RandomSequence } from '@fourway/world';
import { poisson } from './chance.ts';
import { Latencies } from './latencies.ts';
import type { ClusterModel, LoadModel, Prediction, StageModel } from './model.ts';
import { countOf, type Cohort } from './records.ts';
import { Stage } from './stage.ts';
import { Cores, Station } from './station.ts';
import { Timeline } from './timeline.ts';

const tickMs = 1;

/** Predicts what a cluster makes of a load. Pure: the same models and the same seed give the same figures. */
export function simulate(cluster: ClusterModel, load: LoadModel): Prediction {
  const run = new SimulatedRun(cluster, load);
  run.go();
  return run.prediction();
}

class SimulatedRun {
  readonly #cluster: ClusterModel;
  readonly #load: LoadModel;
  readonly #timeline = new Timeline();
  readonly #random: RandomSequence;
  readonly #hosts: ReadonlyMap<string, Cores>;
  readonly #stations: ReadonlyMap<string, { readonly cores: Cores[]; readonly nodes: Station[] }>;
  readonly #threads = new Map<string, { readonly cores: Cores[]; readonly threads: Station[] }>();
  readonly #stages: readonly Stage[];
  readonly #latencies: readonly Latencies[];
  #arrived = 0;
  #finished = 0;
  #lastMs = 0;

  constructor(cluster: ClusterModel, load: LoadModel) {
    this.#cluster = cluster;
    this.#load = load;
    this.#random = new RandomSequence(load.seed, 77);
    this.#hosts = new Map(cluster.hosts.map(({ name, cores }) => [name, new Cores(this.#timeline, cores)]));
    this.#stations = new Map(
      cluster.stations.map(({ name, nodes, servers, host }) => [name, this.#build({ count: nodes, servers, host })]),
    );
    this.#latencies = cluster.stages.map(() => new Latencies());
    this.#stages = cluster.stages.map((stage, place) => this.#stageOf(stage, place));
  }

  go(): void {
    const { preloaded, loss, mostMs } = this.#load;
    if (preloaded > 0) this.#arrive(preloaded);
    this.#tick();
    if (loss !== undefined) {
      const place = this.#cluster.stages.findIndex(({ name }) => name === loss.stage);
      this.#timeline.after(loss.atMs, () => this.#stages[place]?.lose(loss.takeOverMs));
    }
    this.#timeline.run(mostMs);
  }

  prediction(): Prediction {
    const { stages } = this.#cluster;
    const of = <T>(read: (stage: Stage, place: number) => T): Record<string, T> =>
      Object.fromEntries(stages.map(({ name }, place) => [name, read(defined(this.#stages[place], name), place)]));
    return {
      ...{ arrived: this.#arrived, finished: this.#finished, lastMs: this.#lastMs },
      perSecond: this.#lastMs === 0 ? 0 : (this.#finished / this.#lastMs) * 1_000,
      latencyMs: of((_, place) => {
        const latencies = defined(this.#latencies[place], 'latencies');
        return { p50: latencies.percentile(0.5), p99: latencies.percentile(0.99) };
      }),
      utilisation: this.#utilisation(),
      mostWaiting: of(({ mostWaiting }) => mostWaiting),
      batchRecords: of(({ batchRecords }) => batchRecords),
    };
  }

  #build({ count, servers, host }: { count: number; servers: number; host: string | undefined }) {
    const shared = host === undefined ? undefined : defined(this.#hosts.get(host), `host ${host}`);
    const cores = Array.from({ length: count }, () => shared ?? new Cores(this.#timeline, servers));
    return { cores, nodes: cores.map((each) => new Station(servers, each)) };
  }

  #stageOf(model: StageModel, place: number): Stage {
    const { cores, nodes } = this.#build({ count: model.replicas, servers: 1, host: model.host });
    this.#threads.set(model.name, { cores, threads: nodes });
    return new Stage(model, {
      ...{ timeline: this.#timeline, random: this.#random, partitions: this.#cluster.partitions },
      thread: (replica) => defined(nodes[replica], 'thread'),
      nodesOf: (station) => defined(this.#stations.get(station), `station ${station}`).nodes,
      passOn: (cohorts) => this.#passOn(cohorts, { model, place }),
    });
  }

  #tick(): void {
    const { perSecond, arrivingMs } = this.#load;
    if (perSecond === 0 || this.#timeline.nowMs >= arrivingMs) return;
    this.#arrive(poisson(this.#random, (perSecond * tickMs) / 1_000));
    this.#timeline.after(tickMs, () => this.#tick());
  }

  #arrive(count: number): void {
    this.#arrived += count;
    const { partitions } = this.#cluster;
    const arrivedMs = this.#timeline.nowMs;
    this.#stages[0]?.put(this.#spread({ count, arrivedMs }, () => this.#random.below(partitions)));
  }

  #passOn(cohorts: readonly Cohort[], { model, place }: { model: StageModel; place: number }): void {
    const nowMs = this.#timeline.nowMs;
    for (const { arrivedMs, count } of cohorts)
      if (arrivedMs >= this.#load.warmUpMs) this.#latencies[place]?.add(nowMs - arrivedMs, count);
    const next = this.#stages[place + 1];
    if (next !== undefined) {
      next.put(model.rekeyed === true ? cohorts.flatMap((cohort) => this.#spread(cohort, this.#byMerchant)) : cohorts);
      return;
    }
    this.#finished += countOf(cohorts);
    this.#lastMs = nowMs;
  }

  /** The busiest merchant's partition is the first. */
  readonly #byMerchant = (): number =>
    this.#random.fraction() < this.#cluster.hottestShare ? 0 : this.#random.below(this.#cluster.partitions);

  #spread({ count, arrivedMs }: Omit<Cohort, 'partition'>, partitionOf: () => number): Cohort[] {
    const counts = new Map<number, number>();
    for (let i = 0; i < count; i += 1) {
      const partition = partitionOf();
      counts.set(partition, (counts.get(partition) ?? 0) + 1);
    }
    return [...counts].map(([partition, each]) => ({ arrivedMs, partition, count: each }));
  }

  #utilisation(): Record<string, number> {
    const totalMs = Math.max(this.#lastMs, 1);
    const of = (cores: readonly Cores[]): number =>
      cores.reduce((sum, { busyMs }) => sum + busyMs, 0) /
      cores.reduce((sum, { capacity }) => sum + capacity, 0) /
      totalMs;
    const own = (name: string | undefined): boolean => name === undefined;
    const { stages, stations } = this.#cluster;
    return Object.fromEntries([
      ...[...this.#hosts].map(([name, cores]) => [name, of([cores])] as const),
      ...stations
        .filter(({ host }) => own(host))
        .map(({ name }) => [name, of(this.#stations.get(name)?.cores ?? [])] as const),
      ...stages
        .filter(({ host }) => own(host))
        .map(({ name }) => [`${name} thread`, of(this.#threads.get(name)?.cores ?? [])] as const),
    ]);
  }
}
