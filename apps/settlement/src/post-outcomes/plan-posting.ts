import type { CutMark } from '@fourway/contracts';
import type { CutState } from './cut-state.ts';
import type { Fact } from './fact-of-outcome.ts';
import { rangesOf, type Entry } from './outcome-batch.ts';

/** Where a partition's reader stands, and which dates have ended before that. */
export interface PartitionState {
  readonly nextOffset: bigint;
  readonly cuts: CutState;
}

/** One partition's compare-and-set: the cursor must stand at `from` and goes to `to`. */
export interface CursorMove {
  readonly partition: number;
  readonly from: bigint;
  readonly to: bigint;
  /** The date that ends in the partition with this move; null without one. */
  readonly closes: string | null;
}

export interface PlacedFact {
  readonly fact: Fact;
  /** The cycle it settles in, `YYYY-MM-DD`. */
  readonly cycle: string;
}

export interface PlacedMark {
  readonly partition: number;
  readonly mark: CutMark;
}

/** What one posting stores, and where it leaves its partitions. */
export interface PostingPlan {
  readonly moves: readonly CursorMove[];
  readonly facts: readonly PlacedFact[];
  readonly marks: readonly PlacedMark[];
  readonly after: ReadonlyMap<number, PartitionState>;
}

/**
 * Gives every fact its cycle, in the order of the records: a fact behind the mark that ends its date belongs to the next cycle.
 * A record below the cursor is placed like any other: if its fact is stored, this one changes nothing.
 */
export function planPosting(entries: readonly Entry[], before: (partition: number) => PartitionState): PostingPlan {
  const cuts = new Map<number, CutState>();
  const cutsOf = (partition: number): CutState => cuts.get(partition) ?? before(partition).cuts;
  const facts: PlacedFact[] = [];
  const marks: PlacedMark[] = [];
  for (const entry of entries) {
    const { partition } = entry.record;
    if (entry.kind === 'fact') {
      facts.push({ fact: entry.fact, cycle: cutsOf(partition).cycleOf(entry.fact.businessDate) });
    } else if (entry.kind === 'cut') {
      cuts.set(partition, cutsOf(partition).with(entry.mark));
      marks.push({ partition, mark: entry.mark });
    }
  }
  // A cursor never goes back.
  const moves = rangesOf(entries).map(({ partition, next }): CursorMove => {
    const { nextOffset: from, cuts: known } = before(partition);
    const { closedThrough } = cutsOf(partition);
    const closes = closedThrough === known.closedThrough ? null : closedThrough;
    return { partition, from, to: next > from ? next : from, closes };
  });
  const after = new Map(moves.map(({ partition, to }) => [partition, { nextOffset: to, cuts: cutsOf(partition) }]));
  return { moves, facts, marks, after };
}
