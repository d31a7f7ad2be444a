import type { Batch, Consumer, EachBatchPayload, Kafka, Offsets } from 'kafkajs';
import { retryPolicy } from './kafka-client.ts';
import { FetchedBatch } from './record-batch/fetched-batch.ts';
import { removeFormerSelf, removePredecessor } from './remove-predecessor.ts';
import type { StreamLogger } from './stream-logger.ts';
import type { TopicPartition, TopicPartitionOffset } from './stream-record.ts';

export interface GroupMemberOptions {
  readonly kafka: Kafka;
  readonly clientId: string;
  readonly groupId: string;
  readonly isOnlyOfItsName: boolean;
  readonly logger: StreamLogger;
  readonly topics: readonly string[];
  readonly sessionTimeoutMs: number;
  readonly heartbeatMs: number;
  readonly maxWaitMs: number;
  readonly maxBytesPerPartition: number;
  readonly onAssigned: (assigned: TopicPartition[]) => void;
  /** The generation ends; commits are still accepted until this returns. */
  readonly onRebalancing: () => void;
  readonly onBatch: (payload: EachBatchPayload) => Promise<void>;
  /** Offsets up to here hold no record for us (control records, compaction). */
  readonly onSkipped: (upTo: TopicPartitionOffset) => void;
  readonly onHeartbeat: () => void;
  /** The loop ended; `isRestarting` is false when kafkajs will not start it again, with the process still up. */
  readonly onCrash: (error: Error, isRestarting: boolean) => void;
}

/** The one place that runs a kafkajs consumer, and what it needs to be trusted with one. */
export class GroupMember {
  readonly #options: GroupMemberOptions;
  readonly #consumer: Consumer;
  #commit: ((offsets: Offsets) => Promise<void>) | undefined;
  /** True until the first batch since the group was joined. */
  #isCommitOld = true;
  // kafkajs throws when it is steered before it has joined a group or after it has stopped.
  #isRunning = false;
  #memberId: string | undefined;
  // Joining again after an outage takes as long as the broker remembers our old membership, so the first connection counts as
  // a sign of life; one more without a fetch in between does not.
  #hasReconnected = false;
  /** The last sign of life: a fetch sent or answered, a heartbeat, a joined group, a connection after an outage. */
  lastActivityMs = Date.now();

  constructor(options: GroupMemberOptions) {
    this.#options = options;
    this.#consumer = options.kafka.consumer({
      groupId: options.groupId,
      sessionTimeout: options.sessionTimeoutMs,
      rebalanceTimeout: Math.ceil(options.sessionTimeoutMs * 1.5),
      heartbeatInterval: options.heartbeatMs,
      maxWaitTimeInMs: options.maxWaitMs,
      maxBytesPerPartition: options.maxBytesPerPartition,
      allowAutoTopicCreation: false,
      // A lost broker ends kafkajs' loop and starts it again until it is back; the watchdog bounds how long that may go on.
      retry: retryPolicy(1_000),
    });
  }

  async start(): Promise<void> {
    const { topics, onBatch, isOnlyOfItsName } = this.#options;
    this.#listen();
    if (isOnlyOfItsName) await removePredecessor(this.#options);
    await this.#consumer.connect();
    await this.#consumer.subscribe({ topics: [...topics], fromBeginning: true });
    await this.#consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      partitionsConsumedConcurrently: 64,
      eachBatch: async (payload) => {
        // Not with every batch: what hangs on a batch in an old object outlives it, and draws the batches after it along. See ADR 0024.
        if (this.#isCommitOld) this.#commit = commitOf(payload);
        this.#isCommitOld = false;
        await onBatch(payload);
      },
    });
  }

  /** Commits within the current generation; rejects when that has ended, without a second try in the next one. */
  async commit(offsets: readonly TopicPartitionOffset[]): Promise<void> {
    const topics = Map.groupBy(offsets, ({ topic }) => topic);
    // The consumer's own commitOffsets repeats a failed commit, and after a rebalance that would carry offsets into a
    // generation they do not belong to. The handle a batch brings does not; before the first batch there is nothing to repeat.
    const commit = this.#commit;
    if (commit === undefined) return;
    await commit({
      topics: [...topics].map(([topic, partitions]) => ({
        topic,
        partitions: partitions.map(({ partition, offset }) => ({ partition, offset: String(offset) })),
      })),
    });
  }

  pause(partitions: readonly TopicPartition[]): void {
    if (this.#isRunning) this.#consumer.pause(byTopic(partitions));
  }

  resume(partitions: readonly TopicPartition[]): void {
    if (this.#isRunning) this.#consumer.resume(byTopic(partitions));
  }

  seek({ topic, partition, offset }: TopicPartitionOffset): void {
    if (this.#isRunning) this.#consumer.seek({ topic, partition, offset: String(offset) });
  }

  async leave(): Promise<void> {
    this.#memberId = undefined;
    await this.#consumer.disconnect();
  }

  #listen(): void {
    const { events } = this.#consumer;
    const on: Consumer['on'] = this.#consumer.on.bind(this.#consumer);
    const alive = (): void => {
      this.lastActivityMs = Date.now();
    };
    on(events.FETCH_START, alive);
    on(events.FETCH, () => {
      alive();
      this.#hasReconnected = false;
    });
    on(events.CONNECT, () => {
      if (!this.#hasReconnected) alive();
      this.#hasReconnected = true;
    });
    on(events.HEARTBEAT, () => {
      alive();
      this.#options.onHeartbeat();
    });
    on(events.GROUP_JOIN, ({ payload: { memberId, memberAssignment } }) => {
      alive();
      this.#memberId = memberId;
      this.#isCommitOld = true;
      this.#isRunning = true;
      this.#options.onAssigned(
        Object.entries(memberAssignment).flatMap(([topic, partitions]) =>
          partitions.map((partition) => ({ topic, partition })),
        ),
      );
    });
    on(events.REBALANCING, () => {
      this.#options.onRebalancing();
    });
    on(events.END_BATCH_PROCESS, ({ payload: { topic, partition, batchSize, lastOffset } }) => {
      if (batchSize === 0) this.#options.onSkipped({ topic, partition, offset: BigInt(lastOffset) + 1n });
    });
    on(events.STOP, () => {
      this.#isRunning = false;
    });
    on(events.CRASH, ({ payload: { error, restart } }) => {
      if (restart) this.#leaveBehind();
      this.#options.onCrash(error, restart);
    });
  }

  #leaveBehind(): void {
    const memberId = this.#memberId;
    if (memberId === undefined) return;
    const { kafka, groupId } = this.#options;
    const isOver = (): boolean => this.#memberId !== memberId;
    void removeFormerSelf({ kafka, groupId, memberId, isOver });
  }
}

const byTopic = (partitions: readonly TopicPartition[]): { topic: string; partitions: number[] }[] =>
  [...Map.groupBy(partitions, ({ topic }) => topic)].map(([topic, group]) => ({
    topic,
    partitions: group.map(({ partition }) => partition),
  }));

/** The offset the broker was asked for. kafkajs keeps it on the batch and out of its types. */
export const parseFetchedOffset = (batch: Batch): bigint => {
  const fetched: unknown = 'fetchedOffset' in batch ? batch.fetchedOffset : batch.firstOffset();
  return BigInt(String(fetched));
};

/** What our record format made of the fetched bytes; to kafkajs they are messages. */
export const parseFetchedBatches = ({ messages }: Batch): FetchedBatch[] =>
  messages.map((message: unknown) => {
    if (message instanceof FetchedBatch) return message;
    throw new TypeError('a fetch brought messages: the client does not read records our way');
  });

/** kafkajs steers its own loop by its errors (rebalance, lost connection); those must reach it, ours must not. */
export const belongsToKafkaJs = (error: unknown): boolean => error instanceof Error && error.name.startsWith('KafkaJS');

const commitOf =
  (payload: EachBatchPayload) =>
  (offsets: Offsets): Promise<void> =>
    payload.commitOffsetsIfNecessary(offsets);
