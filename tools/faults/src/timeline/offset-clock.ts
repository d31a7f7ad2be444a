import type { StreamRecord, TopicPartitionOffset } from '@fourway/platform-stream';

/** When each record of a topic was appended, by the broker's clock. */
export class OffsetClock {
  readonly #partitions = new Map<number, { readonly first: bigint; readonly atMs: number[] }>();

  take({ partition, offset, timestampMs }: Pick<StreamRecord, 'partition' | 'offset' | 'timestampMs'>): void {
    const known = this.#partitions.get(partition);
    if (known === undefined) this.#partitions.set(partition, { first: offset, atMs: [timestampMs] });
    else known.atMs[Number(offset - known.first)] = timestampMs;
  }

  /** How long the oldest record has waited that a group has not committed, milliseconds; 0 where all is committed. */
  lagMs(committed: readonly TopicPartitionOffset[], nowMs: number): number {
    const ages = committed.map(({ partition, offset }) => {
      const known = this.#partitions.get(partition);
      const atMs = known?.atMs[Number(offset - known.first)];
      return atMs === undefined ? 0 : nowMs - atMs;
    });
    return Math.max(0, ...ages);
  }
}
