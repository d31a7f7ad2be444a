import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import kafkajs, { type Admin, type Batch, type Consumer, type Kafka } from 'kafkajs';
import { connectTo, type KafkaConnection } from './kafka-client.ts';
import { parseFetchedBatches } from './group-member.ts';
import type { FetchedBatch, RawRecord } from './record-batch/fetched-batch.ts';
import type { StreamHeaders, StreamRecord, TopicPartition, TopicPartitionOffset } from './stream-record.ts';

export interface ReadTopicOptions extends KafkaConnection {
  readonly topic: string;
  /** Gets what was fetched of one partition, in order; awaited before more of that partition is read. A rejection ends the reading. */
  readonly onRecords: (records: readonly StreamRecord[]) => Promise<void> | void;
  /** Where to start; partitions left out start at the first record the log holds. */
  readonly from?: readonly TopicPartitionOffset[];
  /** Starts each partition at its first record of that time or later, by the log's clock; what is before is not even fetched. Milliseconds since the Unix epoch. */
  readonly sinceMs?: number;
  /** True: read on after the end of the log, until `signal` aborts. */
  readonly follow?: boolean;
  /** Awaited before each further fetch of a reader that follows: it fetches no more often than this resolves. Default: every 2 ms. */
  readonly pace?: () => Promise<void>;
  readonly signal?: AbortSignal;
  /** False: a lost broker ends the reading with an error at once, for a caller that begins another one. Default true: waited for. */
  readonly outlivesBroker?: boolean;
}

const { KafkaJSError } = kafkajs;

interface Range {
  next: bigint;
  readonly end: bigint | undefined;
}

// The end of a compacted log may hold no record: the offset exists, nothing is there to be fetched.
const emptyFetchesAtEnd = 10;
const maxWaitMs = 200;
const defaultPace = (): Promise<void> => sleep(2);
const leaderTries = 25;
const leaderPauseMs = 200;

type Bounds = Awaited<ReturnType<Admin['fetchTopicOffsets']>>;

/**
 * Reads a topic from the start (or `from`) to the end it had when called; commits nothing and belongs to no lasting group.
 * Returns the number of records read.
 */
export const readTopic = async (options: ReadTopicOptions): Promise<number> => {
  const kafka = connectTo(options);
  const ranges = await rangesOf(kafka, options);
  if (options.follow !== true && [...ranges.values()].every(isRead)) return 0;
  const consumer = kafka.consumer({
    groupId: `fourway-reader-${randomUUID()}`,
    maxWaitTimeInMs: maxWaitMs,
    maxBytesPerPartition: 1_048_576,
    allowAutoTopicCreation: false,
    ...(options.outlivesBroker === false && { retry: { retries: 0, restartOnFailure: () => Promise.resolve(false) } }),
  });
  try {
    await consumer.connect();
    await consumer.subscribe({ topic: options.topic, fromBeginning: true });
    return await new TopicReading(consumer, ranges, options).run();
  } finally {
    await consumer.disconnect();
  }
};

const isRead = ({ next, end }: Range): boolean => end !== undefined && next >= end;

const rangesOf = async (kafka: Kafka, options: ReadTopicOptions): Promise<Map<number, Range>> => {
  const { topic, follow } = options;
  const admin = kafka.admin();
  await admin.connect();
  try {
    const bounds = await boundsOf(admin, topic);
    const starts = await startsOf(admin, options);
    return new Map(
      bounds.map(({ partition, low, high }) => {
        const wanted = starts.get(partition) ?? 0n;
        return [
          partition,
          { next: wanted > BigInt(low) ? wanted : BigInt(low), end: follow === true ? undefined : BigInt(high) },
        ];
      }),
    );
  } finally {
    await admin.disconnect();
  }
};

/** The later of the two where a start is given as an offset and as a time. */
async function startsOf(
  admin: Admin,
  { topic, from = [], sinceMs }: ReadTopicOptions,
): Promise<ReadonlyMap<number, bigint>> {
  const starts = new Map(
    from.filter((start) => start.topic === topic).map(({ partition, offset }) => [partition, offset]),
  );
  if (sinceMs === undefined) return starts;
  for (const { partition, offset } of await admin.fetchTopicOffsetsByTimestamp(topic, sinceMs)) {
    const since = BigInt(offset);
    if (since > (starts.get(partition) ?? 0n)) starts.set(partition, since);
  }
  return starts;
}

/** The broker may still be electing leaders for a topic that is new. */
const boundsOf = async (admin: Admin, topic: string): Promise<Bounds> => {
  for (let tries = 1; ; tries++) {
    try {
      return await admin.fetchTopicOffsets(topic);
    } catch (error) {
      const isPassing = error instanceof KafkaJSError && error.retriable;
      if (!isPassing || tries === leaderTries) throw error;
      await sleep(leaderPauseMs);
    }
  }
};

class TopicReading {
  readonly #consumer: Consumer;
  readonly #ranges: Map<number, Range>;
  readonly #options: ReadTopicOptions;
  readonly #emptyFetches = new Map<number, number>();
  readonly #ended = Promise.withResolvers<'ended'>();
  #isEnded = false;
  #records = 0;

  constructor(consumer: Consumer, ranges: Map<number, Range>, options: ReadTopicOptions) {
    this.#consumer = consumer;
    this.#ranges = ranges;
    this.#options = options;
    // It may be rejected before run() gets to await it.
    this.#ended.promise.catch(() => undefined);
  }

  async run(): Promise<number> {
    const abort = (): void => {
      this.#end();
    };
    this.#options.signal?.addEventListener('abort', abort, { once: true });
    if (this.#options.signal?.aborted === true) abort();
    this.#listen();
    await this.#consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      partitionsConsumedConcurrently: this.#ranges.size,
      eachBatch: async (payload) => {
        await this.#take(payload.batch);
        payload.resolveOffset(payload.batch.messages.at(-1)?.offset ?? payload.batch.lastOffset());
        await payload.heartbeat();
        // Whoever follows gets little at a time, and a fetch for every record costs more than the record.
        if (this.#options.follow === true) await (this.#options.pace ?? defaultPace)();
      },
    });
    await this.#ended.promise;
    this.#options.signal?.removeEventListener('abort', abort);
    return this.#records;
  }

  async #take(batch: Batch): Promise<void> {
    const range = this.#ranges.get(batch.partition);
    if (range === undefined || this.#isEnded) return;
    const wanted = parseFetchedBatches(batch)
      .flatMap((each) => recordsOf(each.skipBelow(range.next), batch))
      .filter(({ offset }) => range.end === undefined || offset < range.end);
    try {
      if (wanted.length > 0) await this.#options.onRecords(wanted);
    } catch (error) {
      this.#fail(error);
      return;
    }
    this.#records += wanted.length;
    this.#emptyFetches.clear();
    range.next = BigInt(batch.lastOffset()) + 1n;
    this.#endIfRead();
  }

  #listen(): void {
    const { events } = this.#consumer;
    const on: Consumer['on'] = this.#consumer.on.bind(this.#consumer);
    const { topic } = this.#options;
    on(events.GROUP_JOIN, () => {
      for (const [partition, { next }] of this.#ranges) this.#consumer.seek({ topic, partition, offset: String(next) });
    });
    on(events.FETCH_START, ({ payload: { nodeId } }) => {
      if (!this.#emptyFetches.has(nodeId)) this.#emptyFetches.set(nodeId, 0);
    });
    on(events.FETCH, ({ payload: { nodeId } }) => {
      this.#emptyFetches.set(nodeId, (this.#emptyFetches.get(nodeId) ?? 0) + 1);
      if (this.#options.follow !== true && [...this.#emptyFetches.values()].every((count) => count > emptyFetchesAtEnd))
        this.#end();
    });
    on(events.END_BATCH_PROCESS, ({ payload: { partition, batchSize, lastOffset } }) => {
      const range = this.#ranges.get(partition);
      if (batchSize > 0 || range === undefined) return;
      range.next = BigInt(lastOffset) + 1n;
      this.#endIfRead();
    });
    on(events.CRASH, ({ payload: { error, restart } }) => {
      if (!restart) this.#fail(error);
    });
  }

  #endIfRead(): void {
    if ([...this.#ranges.values()].every(isRead)) this.#end();
  }

  #end(): void {
    this.#isEnded = true;
    this.#ended.resolve('ended');
  }

  #fail(error: unknown): void {
    this.#isEnded = true;
    this.#ended.reject(error);
  }
}

const recordsOf = (fetched: FetchedBatch, of: TopicPartition): StreamRecord[] =>
  Array.from({ length: fetched.left }, () => new TopicRecord(fetched.next(), of));

class TopicRecord implements StreamRecord {
  readonly topic: string;
  readonly partition: number;
  readonly offset: bigint;
  readonly timestampMs: number;
  readonly value: Buffer | null;
  readonly #raw: RawRecord;

  constructor(raw: RawRecord, { topic, partition }: TopicPartition) {
    this.topic = topic;
    this.partition = partition;
    this.offset = raw.offset;
    this.timestampMs = raw.timestampMs;
    this.value = raw.value;
    this.#raw = raw;
  }

  get key(): Buffer | null {
    return this.#raw.key;
  }

  get headers(): StreamHeaders {
    return this.#raw.headers;
  }
}
