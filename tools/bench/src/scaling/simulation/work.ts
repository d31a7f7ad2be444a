import type { RandomSequence } from '@fourway/world';
import { varied } from './chance.ts';
import type { Visit } from './model.ts';
import type { Cohort } from './records.ts';
import type { Station } from './station.ts';
import type { Timeline } from './timeline.ts';

export interface StageSurroundings {
  readonly timeline: Timeline;
  readonly random: RandomSequence;
  readonly partitions: number;
  /** The replica's own thread. */
  readonly thread: (replica: number) => Station;
  /** Nodes of a shared station, by its name. */
  readonly nodesOf: (station: string) => readonly Station[];
  readonly passOn: (cohorts: readonly Cohort[]) => void;
}

interface Work {
  readonly around: StageSurroundings;
  readonly replica: number;
  readonly records: number;
  readonly done: () => void;
}

/** Brings a batch through one visit; one that is shared out over nodes is done when the last of them is. */
export function work(visit: Visit, { around, replica, records, done }: Work): void {
  const { timeline, random, thread, nodesOf } = around;
  const { station, fixedMs, perRecordMicros } = visit;
  if (station === undefined) {
    timeline.after(varied(random, fixedMs) + (records * perRecordMicros) / 1_000, done);
    return;
  }
  const nodes = station === 'thread' ? [thread(replica)] : nodesOf(station);
  let open = nodes.length;
  const part = (): void => {
    open -= 1;
    if (open === 0) done();
  };
  const ms = varied(random, fixedMs) + (records * perRecordMicros) / 1_000 / nodes.length;
  for (const node of nodes) node.work(ms, part);
}
