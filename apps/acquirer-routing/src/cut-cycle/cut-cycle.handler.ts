import { encodeCutMark, topics } from '@fourway/contracts';
import type { EventMessage, PartitionProgress } from '@fourway/platform-stream';
import type { Publisher } from '../engines.ts';
import type { CutRepository } from './cut.repository.ts';
import { DrainTargets } from './drain-targets.ts';

export interface CutCycleDependencies {
  readonly cuts: Pick<CutRepository, 'cutByCalendar' | 'open' | 'recordMarks'>;
  /** The producer of the outcomes: it sends one request at a time, so what it acknowledged before is before the marks in every partition. */
  readonly producer: Publisher;
  /** The source partitions that this process owns, and how far it has come in each. */
  readonly progress: () => readonly PartitionProgress[];
  /** Seconds since the oldest cut that has not all its marks; 0 without one. */
  readonly onUnmarked: (seconds: number) => void;
}

/**
 * Ends a business date in the outcomes topic, in the name of the source partitions this process owns: once everything it had consumed of
 * one when it saw the cut is published or parked, a mark goes to every outcomes partition. What it consumes later is decided under the
 * new date, because its statements see the cut too.
 */
export class CutCycle {
  readonly #with: CutCycleDependencies;
  readonly #targets = new DrainTargets();

  constructor(dependencies: CutCycleDependencies) {
    this.#with = dependencies;
  }

  async run(): Promise<void> {
    const { cuts, producer, progress, onUnmarked } = this.#with;
    await cuts.cutByCalendar();
    const open = await cuts.open();
    onUnmarked(Math.max(0, ...open.map(({ ageSeconds }) => ageSeconds)));
    const drained = Map.groupBy(this.#targets.drained(open, progress()), ({ businessDate }) => businessDate);
    for (const { businessDate } of open) {
      const partitions = drained.get(businessDate)?.map(({ partition }) => partition) ?? [];
      if (partitions.length === 0) continue;
      await producer.send(
        topics.outcomes.name,
        partitions.flatMap((partition) => marksOf(businessDate, partition)),
      );
      // A crash before this line leaves the marks to be written again, which readers of marks do not mind.
      await cuts.recordMarks(businessDate, partitions, topics.scored.partitions);
    }
  }
}

/** One mark for every partition of the outcomes. */
function marksOf(businessDate: string, sourcePartition: number): EventMessage[] {
  const value = encodeCutMark({ businessDate, sourcePartition, sourcePartitions: topics.scored.partitions });
  return Array.from({ length: topics.outcomes.partitions }, (_, partition) => ({ key: null, value, partition }));
}
