import { setTimeout as sleep } from 'node:timers/promises';
import type { AssignmentOptions } from './assignment.ts';
import { isDecided } from './recovery-decision.ts';
import {
  chooseStartPosition,
  cursorsByPartition,
  readPartitionOffsets,
  type PartitionOffsets,
} from './start-position.ts';
import { errorText } from './stream-logger.ts';
import { partitionKey, type TopicPartition } from './stream-record.ts';

/** An operator waits for it, and nothing else does. */
const lookEveryMs = 2_000;

/** Looks after the partitions that are refused: each goes on, without a restart, once an operator has decided so. */
export class RefusedPartitions {
  readonly #options: AssignmentOptions;
  readonly #closing = new AbortController();
  #isWatching = false;
  #watching = Promise.resolve();

  constructor(options: AssignmentOptions) {
    this.#options = options;
  }

  /** Resolves when nothing is asked of the broker any more. */
  async close(): Promise<void> {
    this.#closing.abort();
    await this.#watching;
  }

  /** To be called when a partition was refused; ends by itself when none is any more. */
  watch(): void {
    if (this.#isWatching) return;
    this.#isWatching = true;
    this.#watching = this.#watch();
  }

  get #isClosed(): boolean {
    return this.#closing.signal.aborted;
  }

  async #watch(): Promise<void> {
    const pause = { ref: false, signal: this.#closing.signal };
    while (this.#refused().length > 0) {
      // Ends at once when closed.
      await sleep(lookEveryMs, undefined, pause).catch(() => undefined);
      if (this.#isClosed) return;
      try {
        await this.#look();
      } catch (error) {
        this.#options.logger.warn({ error: errorText(error) }, 'refused partitions not looked after');
      }
    }
    // In the step that found none: one that is refused from now on begins anew.
    this.#isWatching = false;
  }

  #refused(): readonly TopicPartition[] {
    return this.#options.lanes.all.filter(({ state }) => state === 'refused');
  }

  async #look(): Promise<void> {
    const { kafka, groupId, lanes, startFrom } = this.#options;
    const { generation } = lanes;
    const refused = this.#refused();
    const offsets = await readPartitionOffsets(kafka, groupId, refused);
    const cursors = startFrom === undefined ? undefined : cursorsByPartition(await startFrom(refused));
    for (const known of offsets) {
      const position =
        cursors === undefined ? await this.#decided(known) : moved(known, cursors.get(partitionKey(known)));
      if (position === undefined) continue;
      if (this.#isClosed || lanes.generation !== generation || lanes.get(known)?.state !== 'refused') return;
      this.#goOn(known, position);
    }
  }

  /** The log may have lost more since the decision: its start is where it is now. */
  async #decided(known: PartitionOffsets): Promise<bigint | undefined> {
    const { kafka, groupId } = this.#options;
    return (await isDecided(kafka, { ...known, groupId, position: known.committed })) ? known.logStart : undefined;
  }

  #goOn({ topic, partition, logEnd, committed }: PartitionOffsets, offset: bigint): void {
    const { lanes, member, logger, metrics } = this.#options;
    const lane = lanes.restart({ topic, partition }, offset);
    if (lane === undefined) return;
    lane.highWatermark = logEnd;
    lane.committedOffset = committed;
    member.seek({ topic, partition, offset });
    member.resume([lane]);
    metrics.count('partitions_recovered');
    logger.warn({ topic, partition, offset: String(offset), from: String(committed) }, 'partition goes on by decision');
  }
}

/** For those that keep their own cursors: where it stands now, if that lies in the log. */
function moved(known: PartitionOffsets, cursor = -1n): bigint | undefined {
  const position = chooseStartPosition(known, cursor);
  return position.kind === 'read' ? position.offset : undefined;
}
