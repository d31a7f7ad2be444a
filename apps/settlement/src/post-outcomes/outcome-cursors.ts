import { defined } from '@fourway/kernel';
import type { StreamRecord, TopicPartitionOffset } from '@fourway/platform-stream';
import type { Entry } from './outcome-batch.ts';
import { planPosting, type PartitionState, type PostingPlan } from './plan-posting.ts';
import type { PostingRepository } from './posting.repository.ts';

export interface OutcomeCursorsOptions {
  readonly repository: PostingRepository;
  /** Reads a partition again from the cursor. */
  readonly rewind: (to: TopicPartitionOffset) => void;
}

/**
 * What this process believes the stored cursors are, and the cuts before them. A belief that is wrong makes the next posting roll back,
 * and is then forgotten: cuts only change with a cursor, so a cursor that stands where it is believed vouches for both.
 */
export class OutcomeCursors {
  readonly #options: OutcomeCursorsOptions;
  readonly #states = new Map<number, PartitionState>();

  constructor(options: OutcomeCursorsOptions) {
    this.#options = options;
  }

  /**
   * Leaves out partitions whose first record lies beyond the cursor: what is between was never posted, so it is read again.
   * Records below the cursor stay in: their facts are stored already, and those of them that were set aside are set aside again.
   */
  async withoutGaps(
    records: readonly StreamRecord[],
  ): Promise<{ records: readonly StreamRecord[]; beyond: readonly StreamRecord[] }> {
    const firsts = new Map<number, StreamRecord>();
    for (const record of records) if (!firsts.has(record.partition)) firsts.set(record.partition, record);
    await this.#load([...firsts.values()]);
    const gaps = await this.#gaps([...firsts.values()]);
    if (gaps.length === 0) return { records, beyond: [] };
    for (const { topic, partition } of gaps)
      this.#options.rewind({ topic, partition, offset: this.#expected(partition).nextOffset });
    const isBeyond = ({ partition }: StreamRecord): boolean => gaps.some((gap) => gap.partition === partition);
    return { records: records.filter((record) => !isBeyond(record)), beyond: records.filter(isBeyond) };
  }

  /** What to store of these entries, and where each cursor must stand and goes to. */
  plan(entries: readonly Entry[]): PostingPlan {
    return planPosting(entries, (partition) => this.#expected(partition));
  }

  moved({ after }: PostingPlan): void {
    for (const [partition, state] of after) this.#states.set(partition, state);
  }

  forget({ after }: PostingPlan): void {
    for (const partition of after.keys()) this.#states.delete(partition);
  }

  /** An operator may have moved a cursor (`fourway recover`), so a gap is one only by the stored cursor, not by what is believed. */
  async #gaps(firsts: readonly StreamRecord[]): Promise<StreamRecord[]> {
    const beyond = (): StreamRecord[] =>
      firsts.filter(({ partition, offset }) => offset > this.#expected(partition).nextOffset);
    const believed = beyond();
    for (const { partition } of believed) this.#states.delete(partition);
    await this.#load(believed);
    return beyond();
  }

  /** A partition that was never read starts where its log does. */
  async #load(firsts: readonly StreamRecord[]): Promise<void> {
    const unknown = firsts.filter(({ partition }) => !this.#states.has(partition));
    if (unknown.length === 0) return;
    const stored = await this.#options.repository.readCursors(
      unknown.map(({ partition, offset }) => ({ partition, first: offset })),
    );
    for (const { partition, ...state } of stored) this.#states.set(partition, state);
  }

  #expected(partition: number): PartitionState {
    return defined(this.#states.get(partition), `cursor of partition ${partition}`);
  }
}
