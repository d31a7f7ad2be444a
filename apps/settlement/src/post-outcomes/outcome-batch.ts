import { decodeOutcomeRecord, topics, type CutMark, type Outcome } from '@fourway/contracts';
import { SwitchError } from '@fourway/kernel';
import type { DeadLetterReason, StreamRecord } from '@fourway/platform-stream';
import { isDate, type Fact } from './fact-of-outcome.ts';

/** What is not posted, by why: a label of the counter. */
export type Unposted = 'declined' | 'reversed' | 'expired' | 'other_kind';

/** One record of the batch on its way into the ledger. */
export type Entry =
  /** An approved sale or capture: its fees are the contract's. */
  | { readonly record: StreamRecord; readonly kind: 'sale'; readonly outcome: Outcome }
  /** An approved refund, void or reversal: its fees are its payment's. */
  | { readonly record: StreamRecord; readonly kind: 'giving_back'; readonly outcome: Outcome }
  | { readonly record: StreamRecord; readonly kind: 'fact'; readonly fact: Fact }
  | { readonly record: StreamRecord; readonly kind: 'cut'; readonly mark: CutMark }
  | { readonly record: StreamRecord; readonly kind: 'unposted'; readonly why: Unposted }
  | { readonly record: StreamRecord; readonly kind: 'rejected'; readonly reason: DeadLetterReason };

/** Decodes a record. What is approved posts, but an authorization, which posts when it is captured, and what releases one. */
export function readEntry(record: StreamRecord): Entry {
  try {
    const outcome = decodeOutcomeRecord(record.value ?? Buffer.alloc(0));
    if (outcome.kind === 'cut_mark') return cutEntry(record, outcome);
    if (outcome.kind === 'authorize' || outcome.originalKind === 'authorize')
      return { record, kind: 'unposted', why: 'other_kind' };
    if (outcome.status !== 'approved') return { record, kind: 'unposted', why: outcome.status };
    const isCapture = outcome.kind === 'sale' || outcome.kind === 'capture';
    return { record, kind: isCapture ? 'sale' : 'giving_back', outcome };
  } catch (error) {
    if (!(error instanceof SwitchError)) throw error;
    return { record, kind: 'rejected', reason: { code: error.code, detail: error.message } };
  }
}

function cutEntry(record: StreamRecord, mark: CutMark): Entry {
  const { businessDate, sourcePartition, sourcePartitions } = mark;
  const { partitions } = topics.scored;
  if (isDate(businessDate) && sourcePartitions === partitions && sourcePartition < partitions)
    return { record, kind: 'cut', mark };
  const detail = `a cut mark has a date and speaks for one of ${partitions} source partitions`;
  return { record, kind: 'rejected', reason: { code: 'outcome_invalid', detail } };
}

/** A stretch of one partition: from its first offset to the one after its last. */
export interface OffsetRange {
  readonly partition: number;
  readonly first: bigint;
  readonly next: bigint;
}

/** The stretch of each partition that the entries cover, by partition number: the order in which cursors are locked. */
export function rangesOf(entries: readonly Entry[]): OffsetRange[] {
  const ranges = new Map<number, OffsetRange>();
  for (const { record } of entries) {
    const { partition, offset } = record;
    ranges.set(partition, { partition, first: ranges.get(partition)?.first ?? offset, next: offset + 1n });
  }
  return [...ranges.values()].sort((a, b) => a.partition - b.partition);
}
