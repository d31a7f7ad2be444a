import { defined } from '@fourway/kernel';
import type { StreamRecord, TopicPartitionOffset } from '@fourway/platform-stream';
import type { OffsetRange } from './outcome-batch.ts';
import type { CursorMove, PostingRepository } from './posting.repository.ts';

export interface OutcomeCursorsOptions {
  readonly repository: PostingRepository;
  /** Reads a partition again from the cursor. */
  readonly rewind: (to: TopicPartitionOffset) => void;
}

/** What this process believes the stored cursors are. A belief that is wrong makes the next posting roll back, and is then forgotten. */
export class OutcomeCursors {
  readonly #options: OutcomeCursorsOptions;
  readonly #next = new Map<number, bigint>();

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
    const gaps = [...firsts.values()].filter(({ partition, offset }) => offset > this.#expected(partition));
    if (gaps.length === 0) return { records, beyond: [] };
    for (const { topic, partition } of gaps)
      this.#options.rewind({ topic, partition, offset: this.#expected(partition) });
    const isBeyond = ({ partition }: StreamRecord): boolean => gaps.some((gap) => gap.partition === partition);
    return { records: records.filter((record) => !isBeyond(record)), beyond: records.filter(isBeyond) };
  }

  /** Where each cursor must stand, and where it goes; never back. */
  movesOver(ranges: readonly OffsetRange[]): CursorMove[] {
    return ranges.map(({ partition, next }) => {
      const from = this.#expected(partition);
      return { partition, from, to: next > from ? next : from };
    });
  }

  moved(moves: readonly CursorMove[]): void {
    for (const { partition, to } of moves) this.#next.set(partition, to);
  }

  forget(moves: readonly CursorMove[]): void {
    for (const { partition } of moves) this.#next.delete(partition);
  }

  /** A partition that was never read starts where its log does. */
  async #load(firsts: readonly StreamRecord[]): Promise<void> {
    const unknown = firsts.filter(({ partition }) => !this.#next.has(partition));
    if (unknown.length === 0) return;
    const stored = await this.#options.repository.readCursors(
      unknown.map(({ partition, offset }) => ({ partition, first: offset })),
    );
    for (const { partition, offset } of stored) this.#next.set(partition, offset);
  }

  #expected(partition: number): bigint {
    return defined(this.#next.get(partition), `cursor of partition ${partition}`);
  }
}
