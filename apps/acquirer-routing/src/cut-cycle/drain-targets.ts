import { defined } from '@fourway/kernel';
import type { PartitionProgress } from '@fourway/platform-stream';
import type { OpenCut } from './cut.repository.ts';

interface Target {
  readonly generation: number;
  readonly offset: bigint;
}

/** A source partition that has passed everything its owner had consumed when it saw the cut. */
export interface DrainedPartition {
  readonly businessDate: string;
  readonly partition: number;
}

/** How far each source partition has to come before its mark may be written: fixed when the cut is first seen, anew by every new owner. */
export class DrainTargets {
  #targets = new Map<string, Target>();

  /** Partitions that may be marked now; the marks of a partition stay in the order of their dates. */
  drained(cuts: readonly OpenCut[], progress: readonly PartitionProgress[]): DrainedPartition[] {
    const targets = new Map<string, Target>();
    const drained = progress.flatMap((partition) => {
      const open = cuts.filter(({ marked }) => !marked.has(partition.partition));
      for (const { businessDate } of open) {
        const key = `${businessDate}/${partition.partition}`;
        targets.set(key, this.#targetOf(key, partition));
      }
      const isDone = ({ businessDate }: OpenCut): boolean =>
        partition.doneTo >= defined(targets.get(`${businessDate}/${partition.partition}`), 'drain target').offset;
      const firstUndone = open.findIndex((cut) => !isDone(cut));
      return (firstUndone === -1 ? open : open.slice(0, firstUndone)).map(({ businessDate }) => ({
        businessDate,
        partition: partition.partition,
      }));
    });
    this.#targets = targets;
    return drained;
  }

  /** A new owner does not know how far its predecessor had come, so it goes to where the log ended when it took over. */
  #targetOf(key: string, { generation, consumedTo, logEndAtStart }: PartitionProgress): Target {
    const known = this.#targets.get(key);
    if (known?.generation === generation) return known;
    return { generation, offset: consumedTo > logEndAtStart ? consumedTo : logEndAtStart };
  }
}
