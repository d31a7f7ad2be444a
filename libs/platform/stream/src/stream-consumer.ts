import { setTimeout as sleep } from 'node:timers/promises';
import type { EachBatchPayload, Kafka } from 'kafkajs';
import { Admission } from './admission.ts';
import { Assignment } from './assignment.ts';
import { BatchDelivery } from './batch-delivery.ts';
import { BatchPump } from './batch-pump.ts';
import { DeadLetterWriter } from './dead-letter-writer.ts';
import { belongsToKafkaJs, GroupMember } from './group-member.ts';
import { connectTo } from './kafka-client.ts';
import { Lanes } from './lanes.ts';
import { OffsetCommitter } from './offset-committer.ts';
import { RecordBudget } from './record-budget.ts';
import { consumerDefaults, type ConsumerHealth, type StreamConsumerOptions } from './stream-consumer-options.ts';
import { silentLogger, errorText } from './stream-logger.ts';
import { noMetrics, type ConsumerStatistics } from './stream-metrics.ts';
import type { PartitionProgress, TopicPartition, TopicPartitionOffset } from './stream-record.ts';
import { Watchdog } from './watchdog.ts';

const watchEveryMs = 1_000;
const lastCommitTimeoutMs = 3_000;
const leaveTimeoutMs = 5_000;

type Settings = StreamConsumerOptions &
  Required<Pick<StreamConsumerOptions, keyof typeof consumerDefaults | 'logger' | 'metrics' | 'onFatal'>>;

/**
 * One member of a consumer group that hands records over in micro-batches and commits an offset only when every record below
 * it is done. At least once: after a crash or a rebalance records come again. Ends the process rather than hang (`onFatal`).
 */
export class StreamConsumer {
  readonly #settings: Settings;
  readonly #budget: RecordBudget;
  readonly #lanes: Lanes;
  readonly #pump: BatchPump;
  readonly #delivery: BatchDelivery;
  readonly #deadLetters: DeadLetterWriter;
  readonly #member: GroupMember;
  readonly #assignment: Assignment;
  readonly #admission: Admission;
  readonly #committer: OffsetCommitter;
  readonly #watchdog: Watchdog;
  #watch: NodeJS.Timeout | undefined;
  #state: 'created' | 'running' | 'stopping' | 'stopped' | 'failed' = 'created';
  #failure: string | undefined;

  constructor(options: StreamConsumerOptions) {
    const logger = options.logger ?? silentLogger;
    const settings: Settings = { ...consumerDefaults, metrics: noMetrics, onFatal: exitProcess, ...options, logger };
    const { metrics } = settings;
    const kafka = connectTo(settings);
    this.#settings = settings;
    this.#budget = new RecordBudget(settings.maxOpenRecords);
    const budget = this.#budget;
    this.#lanes = new Lanes(budget);
    const lanes = this.#lanes;
    this.#deadLetters = new DeadLetterWriter(settings, logger, metrics);
    this.#delivery = new BatchDelivery({
      ...settings,
      setAside: (record, reason) => {
        this.#deadLetters.setAside(record, reason);
      },
    });
    this.#pump = new BatchPump({
      maxBatch: settings.maxBatch,
      maxInFlight: settings.maxInFlightBatches,
      budget,
      deliver: (records, turn) => this.#delivery.deliver(records, turn),
    });
    this.#member = this.#createMember(kafka);
    const member = this.#member;
    this.#assignment = new Assignment({
      kafka,
      groupId: settings.groupId,
      member,
      lanes,
      startFrom: settings.startFrom,
      logger,
      metrics,
    });
    this.#committer = new OffsetCommitter({
      member,
      lanes,
      everyMs: settings.commitEveryMs,
      heartbeatMs: settings.heartbeatMs,
      logger,
      metrics,
    });
    this.#admission = new Admission({
      lanes,
      budget,
      pump: this.#pump,
      assignment: this.#assignment,
      heartbeatMs: settings.heartbeatMs,
      fetchPauseMs: settings.fetchPauseMs,
      onMoved: (lane) =>
        void member
          .commit([{ topic: lane.topic, partition: lane.partition, offset: lane.tracker.committable }])
          .catch(() => undefined),
    });
    this.#watchdog = new Watchdog(settings);
  }

  /** Partitions of the current generation. */
  get assignment(): readonly TopicPartition[] {
    return this.#lanes.all.map(({ topic, partition }) => ({ topic, partition }));
  }

  /** Joins the group. Rejects when the brokers cannot be reached or a topic does not exist. */
  async start(): Promise<void> {
    if (this.#state !== 'created') throw new Error(`a stream consumer starts once; this one is ${this.#state}`);
    this.#state = 'running';
    this.#watch = setInterval(() => {
      this.#check();
    }, watchEveryMs);
    this.#committer.start();
    await this.#member.start();
  }

  /** Stops fetching, lets open records finish, commits, leaves the group. Takes less than 20 s whatever the handlers do. */
  async stop(): Promise<void> {
    if (this.#state !== 'running' && this.#state !== 'failed') return;
    this.#state = 'stopping';
    const assignmentClosed = this.#assignment.close();
    this.#member.pause(this.assignment);
    this.#admission.close();
    this.#pump.discardWaiting();
    await this.#drained();
    this.#delivery.close();
    clearInterval(this.#watch);
    this.#committer.stop();
    await within(lastCommitTimeoutMs, this.#committer.commit());
    await within(leaveTimeoutMs, Promise.all([this.#member.leave(), this.#deadLetters.close(), assignmentClosed]));
    this.#state = 'stopped';
  }

  /** Reads on from `offset`; records of the partition handed over before no longer move its offset. */
  seek(to: TopicPartitionOffset): void {
    if (this.#lanes.restart(to, to.offset) !== undefined) this.#member.seek(to);
  }

  health(): ConsumerHealth {
    const lanes = this.#lanes.all;
    const lagRecords = lanes.reduce((sum, lane) => sum + lane.lagRecords, 0);
    const notRead = lanes.find(({ state }) => state !== 'reading');
    const live = this.#state !== 'failed';
    const reason = this.#failure ?? this.#notReady(notRead);
    return { live, ready: reason === undefined, lagRecords, ...(reason === undefined ? {} : { reason }) };
  }

  /** How far each partition that this member reads has come; none before it joins and once it stops. */
  progress(): PartitionProgress[] {
    if (this.#state !== 'running') return [];
    const { generation } = this.#lanes;
    return this.#lanes.all
      .filter(({ state }) => state === 'reading')
      .map(({ topic, partition, tracker, logEndAtStart }) => ({
        ...{ topic, partition, generation, logEndAtStart },
        consumedTo: tracker.nextOffset,
        doneTo: tracker.committable,
      }));
  }

  /** Numbers for gauges, computed when asked. */
  statistics(): ConsumerStatistics {
    return {
      openRecords: this.#budget.openCount,
      batchesInFlight: this.#pump.inFlight,
      lastProgressMs: this.#watchdog.lastProgressMs,
      partitions: this.#lanes.all.map(({ topic, partition, lagRecords, tracker, state }) => ({
        topic,
        partition,
        lagRecords,
        openRecords: tracker.openCount,
        refused: state === 'refused',
      })),
    };
  }

  #createMember(kafka: Kafka): GroupMember {
    const { metrics } = this.#settings;
    return new GroupMember({
      ...this.#settings,
      kafka,
      onBatch: (payload) => this.#onBatch(payload),
      onAssigned: (assigned) => {
        metrics.count('rebalances');
        this.#assignment.take(assigned);
      },
      onRebalancing: () => void this.#committer.commit(),
      onHeartbeat: () => {
        this.#committer.onHeartbeat();
      },
      onSkipped: (upTo) => {
        this.#lanes.get(upTo)?.fetched(upTo.offset, 0);
      },
      onCrash: (error, isRestarting) => {
        metrics.count('crashes');
        if (!isRestarting) this.#fail(error);
      },
    });
  }

  // An error of ours that reached kafkajs would end its consumer for good and leave the process up.
  async #onBatch(payload: EachBatchPayload): Promise<void> {
    try {
      await this.#admission.admit(payload);
    } catch (error) {
      if (belongsToKafkaJs(error)) throw error;
      this.#fail(error);
    }
  }

  #check(): void {
    const wrong = this.#watchdog.check({
      nowMs: Date.now(),
      lastActivityMs: this.#member.lastActivityMs,
      lanes: this.#lanes.all,
    });
    if (wrong !== undefined) this.#fail(new Error(wrong));
  }

  #fail(error: unknown): void {
    if (this.#state !== 'running') return;
    this.#state = 'failed';
    this.#failure = errorText(error);
    this.#settings.logger.error({ groupId: this.#settings.groupId, error: this.#failure }, 'consumer cannot go on');
    this.#settings.onFatal(error instanceof Error ? error : new Error(this.#failure));
  }

  #notReady(notRead: (TopicPartition & { readonly state: string }) | undefined): string | undefined {
    if (this.#state !== 'running') return `consumer is ${this.#state}`;
    if (this.#lanes.generation === 0) return 'not in the group yet';
    return notRead === undefined ? undefined : `partition ${notRead.topic}/${notRead.partition} is ${notRead.state}`;
  }

  async #drained(): Promise<void> {
    const deadlineMs = Date.now() + this.#settings.drainTimeoutMs;
    while (this.#budget.openCount > 0 && Date.now() < deadlineMs) await sleep(20);
  }
}

const exitProcess = (): void => {
  process.exit(1);
};

const within = async (timeoutMs: number, work: Promise<unknown>): Promise<void> => {
  await Promise.race([work.catch(() => undefined), sleep(timeoutMs, undefined, { ref: false })]);
};
