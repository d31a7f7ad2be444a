/** Records that arrived together and are in the same partition. */
export interface Cohort {
  readonly arrivedMs: number;
  readonly partition: number;
  readonly count: number;
}

/** What waits in a partition, oldest first. */
export class PartitionQueue {
  #cohorts: Cohort[] = [];
  #head = 0;
  #waiting = 0;

  get waiting(): number {
    return this.#waiting;
  }

  put(cohort: Cohort): void {
    this.#cohorts.push(cohort);
    this.#waiting += cohort.count;
  }

  /** Back to where they were: a replica that died had not passed them on. */
  putBack(cohorts: readonly Cohort[]): void {
    this.#cohorts = [...cohorts, ...this.#cohorts.slice(this.#head)];
    this.#head = 0;
    this.#waiting += countOf(cohorts);
  }

  /** At most `most` records into `batch`; how many. */
  take(most: number, batch: Cohort[]): number {
    let left = Math.min(most, this.#waiting);
    const taken = left;
    while (left > 0) {
      const next = this.#cohorts[this.#head];
      if (next === undefined) break;
      const count = Math.min(left, next.count);
      batch.push(count === next.count ? next : { ...next, count });
      if (count === next.count) this.#head += 1;
      else this.#cohorts[this.#head] = { ...next, count: next.count - count };
      left -= count;
    }
    this.#waiting -= taken;
    if (this.#head > 4_096) {
      this.#cohorts = this.#cohorts.slice(this.#head);
      this.#head = 0;
    }
    return taken;
  }
}

export const countOf = (cohorts: readonly Cohort[]): number => cohorts.reduce((sum, { count }) => sum + count, 0);
