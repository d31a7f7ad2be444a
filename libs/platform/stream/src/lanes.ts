import { PartitionLane } from './partition-lane.ts';
import type { RecordBudget } from './record-budget.ts';
import { partitionKey, type TopicPartition } from './stream-record.ts';

/** The partitions of this member's current generation. */
export class Lanes {
  readonly #budget: RecordBudget;
  #byPartition = new Map<string, PartitionLane>();
  #generation = 0;

  constructor(budget: RecordBudget) {
    this.#budget = budget;
  }

  /** Counts assignments; work begun under an older one is void. */
  get generation(): number {
    return this.#generation;
  }

  get all(): PartitionLane[] {
    return [...this.#byPartition.values()];
  }

  get(of: TopicPartition): PartitionLane | undefined {
    return this.#byPartition.get(partitionKey(of));
  }

  /** Closes all lanes and opens new ones. */
  assign(assigned: readonly TopicPartition[]): PartitionLane[] {
    this.#generation++;
    for (const lane of this.#byPartition.values()) lane.close();
    this.#byPartition = new Map(assigned.map((of) => [partitionKey(of), new PartitionLane(of, this.#budget)]));
    return this.all;
  }

  /** Fences what was handed over from this partition and starts it anew at `position`. */
  restart(of: TopicPartition, position: bigint): PartitionLane | undefined {
    const old = this.get(of);
    if (old === undefined) return undefined;
    const lane = new PartitionLane(of, this.#budget);
    lane.startAt(position, old.committedOffset);
    lane.highWatermark = old.highWatermark;
    lane.logEndAtStart = old.logEndAtStart;
    old.close();
    this.#byPartition.set(partitionKey(of), lane);
    return lane;
  }
}
