import type { StageModel } from './model.ts';
import { countOf, PartitionQueue, type Cohort } from './records.ts';
import { work, type StageSurroundings } from './work.ts';

interface Replica {
  readonly number: number;
  readonly open: Set<Cohort[]>;
  isAlive: boolean;
  /** Records may be there, but are not fetched yet. */
  isFetching: boolean;
}

/** A consumer group at work: each replica takes batches from its partitions and brings them through the stage's visits. */
export class Stage {
  readonly #model: StageModel;
  readonly #around: StageSurroundings;
  readonly #queues: readonly PartitionQueue[];
  readonly #replicas: readonly Replica[];
  #isHalted = false;
  #batches = 0;
  #taken = 0;
  #mostWaiting = 0;
  #waiting = 0;

  constructor(model: StageModel, around: StageSurroundings) {
    this.#model = model;
    this.#around = around;
    this.#queues = Array.from({ length: around.partitions }, () => new PartitionQueue());
    this.#replicas = Array.from({ length: model.replicas }, (_, number) => ({
      ...{ number, open: new Set<Cohort[]>(), isAlive: true, isFetching: false },
    }));
  }

  get mostWaiting(): number {
    return this.#mostWaiting;
  }

  get batchRecords(): number {
    return this.#batches === 0 ? 0 : this.#taken / this.#batches;
  }

  put(cohorts: readonly Cohort[]): void {
    for (const cohort of cohorts) this.#queues[cohort.partition]?.put(cohort);
    this.#waiting += countOf(cohorts);
    this.#mostWaiting = Math.max(this.#mostWaiting, this.#waiting);
    for (const replica of this.#replicas) this.#fetch(replica);
  }

  /** The last replica dies with what it has under way; the others have its partitions after `takeOverMs`. */
  lose(takeOverMs: number): void {
    const replica = this.#replicas.findLast(({ isAlive }) => isAlive);
    if (replica === undefined) return;
    const mine = this.#partitionsOf(replica);
    const lost = [...replica.open].flat();
    replica.open.clear();
    this.#waiting += countOf(lost);
    for (const partition of mine)
      this.#queues[partition]?.putBack(lost.filter((cohort) => cohort.partition === partition));
    this.#isHalted = this.#model.replicas === 1;
    replica.isFetching = true;
    this.#around.timeline.after(takeOverMs, () => {
      // With nobody left it is started anew.
      replica.isAlive = this.#model.replicas === 1;
      replica.isFetching = false;
      this.#isHalted = false;
      for (const each of this.#replicas) this.#fetch(each);
    });
  }

  #fetch(replica: Replica): void {
    const { inFlight, pickUpMs } = this.#model;
    if (!replica.isAlive || replica.isFetching || replica.open.size >= inFlight || this.#isHalted) return;
    if (!this.#partitionsOf(replica).some((partition) => (this.#queues[partition]?.waiting ?? 0) > 0)) return;
    replica.isFetching = true;
    // What queued up behind running batches was fetched meanwhile.
    const waitMs = replica.open.size > 0 ? 0 : pickUpMs * this.#around.random.fraction();
    this.#around.timeline.after(waitMs, () => {
      if (!replica.isFetching) return;
      replica.isFetching = false;
      this.#take(replica);
      this.#fetch(replica);
    });
  }

  #take(replica: Replica): void {
    const batch: Cohort[] = [];
    const partitions = this.#partitionsOf(replica);
    // Each partition in turn comes first: none waits for ever behind a full batch.
    const first = this.#batches % Math.max(1, partitions.length);
    let room = this.#model.maxBatch;
    for (const partition of [...partitions.slice(first), ...partitions.slice(0, first)])
      room -= this.#queues[partition]?.take(room, batch) ?? 0;
    const records = countOf(batch);
    if (records === 0) return;
    this.#batches += 1;
    this.#taken += records;
    this.#waiting -= records;
    replica.open.add(batch);
    this.#visit({ replica, batch, records, step: 0 });
  }

  #visit({
    replica,
    batch,
    records,
    step,
  }: {
    replica: Replica;
    batch: Cohort[];
    records: number;
    step: number;
  }): void {
    if (!replica.open.has(batch)) return; // Its replica died.
    const visit = this.#model.visits[step];
    if (visit === undefined) {
      replica.open.delete(batch);
      this.#around.passOn(batch);
      this.#fetch(replica);
      return;
    }
    const next = (): void => this.#visit({ replica, batch, records, step: step + 1 });
    work(visit, {
      around: this.#around,
      replica: replica.number,
      records,
      done: visit.isAside === true ? () => undefined : next,
    });
    if (visit.isAside === true) next();
  }

  /** As Kafka's assignors do: partitions in turn to who is there. */
  #partitionsOf(replica: Replica): number[] {
    const alive = this.#replicas.filter(({ isAlive }) => isAlive);
    const place = alive.indexOf(replica);
    if (place < 0) return [];
    return this.#queues.map((_, partition) => partition).filter((partition) => partition % alive.length === place);
  }
}
