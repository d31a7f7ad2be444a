import { setTimeout as sleep } from 'node:timers/promises';
import type { Kafka } from 'kafkajs';
import type { GroupMember } from './group-member.ts';
import type { Lanes } from './lanes.ts';
import type { PartitionLane } from './partition-lane.ts';
import { RefusedPartitions } from './refused-partitions.ts';
import { chooseStartPosition, cursorsByPartition, readPartitionOffsets } from './start-position.ts';
import type { StreamConsumerOptions } from './stream-consumer-options.ts';
import { errorText, type StreamLogger } from './stream-logger.ts';
import type { StreamMetrics } from './stream-metrics.ts';
import { partitionKey, type TopicPartition } from './stream-record.ts';

export interface AssignmentOptions {
  readonly kafka: Kafka;
  readonly groupId: string;
  readonly member: Pick<GroupMember, 'pause' | 'resume' | 'seek'>;
  readonly lanes: Lanes;
  readonly startFrom: StreamConsumerOptions['startFrom'];
  readonly logger: StreamLogger;
  readonly metrics: StreamMetrics;
}

const retryEveryMs = 500;

/** Takes over the partitions of a new generation: nothing is fetched before each position is known and lies inside the log. */
export class Assignment {
  readonly #options: AssignmentOptions;
  readonly #refused: RefusedPartitions;
  readonly #taking = new Set<Promise<void>>();
  #isClosed = false;

  constructor(options: AssignmentOptions) {
    this.#options = options;
    this.#refused = new RefusedPartitions(options);
  }

  /** Resolves when nothing is asked of the broker any more. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.all([...this.#taking, this.#refused.close()]);
  }

  /** While offsets or cursors cannot be read it tries again (the watchdog bounds that). */
  take(assigned: readonly TopicPartition[]): void {
    const taking = this.#take(assigned).finally(() => this.#taking.delete(taking));
    this.#taking.add(taking);
  }

  async #take(assigned: readonly TopicPartition[]): Promise<void> {
    const { lanes, member, logger } = this.#options;
    const opened = lanes.assign(assigned);
    if (opened.length === 0) return;
    const { generation } = lanes;
    member.pause(assigned);
    while (!this.#isClosed && lanes.generation === generation) {
      try {
        await this.#start(opened, generation);
        return;
      } catch (error) {
        logger.warn({ error: errorText(error) }, 'start positions not known yet');
        await sleep(retryEveryMs);
      }
    }
  }

  /** Stops reading a partition and says so; its last good offset stays committed, until an operator lets it go on. */
  refuse(lane: PartitionLane, reason: string): void {
    lane.refuse();
    this.#options.member.pause([lane]);
    this.#options.metrics.count('partitions_refused');
    this.#options.logger.error(
      { topic: lane.topic, partition: lane.partition, reason },
      'partition is not read: its position is outside the log; see fourway recover',
    );
    this.#refused.watch();
  }

  async #start(opened: readonly PartitionLane[], generation: number): Promise<void> {
    const { kafka, groupId, lanes, member, startFrom, logger } = this.#options;
    const offsets = await readPartitionOffsets(kafka, groupId, opened);
    const cursors = startFrom === undefined ? undefined : cursorsByPartition(await startFrom(opened));
    if (lanes.generation !== generation) return;
    for (const known of offsets) {
      const lane = lanes.get(known);
      if (lane === undefined) continue;
      const position = chooseStartPosition(
        known,
        cursors === undefined ? 'committed' : (cursors.get(partitionKey(known)) ?? -1n),
      );
      lane.highWatermark = known.logEnd;
      lane.logEndAtStart = known.logEnd;
      if (position.kind === 'refuse') this.refuse(lane, position.reason);
      else {
        lane.startAt(position.offset, known.committed);
        member.seek({ topic: lane.topic, partition: lane.partition, offset: position.offset });
      }
    }
    const reading = opened.filter(({ state }) => state === 'reading');
    member.resume(reading);
    logger.info({ partitions: reading.length, refused: opened.length - reading.length }, 'partitions assigned');
  }
}
