import type { Message, Producer } from 'kafkajs';
import { connectTo, retryPolicy, type KafkaConnection } from './kafka-client.ts';
import { partitionByKey } from './partition-by-key.ts';

export interface EventMessage {
  readonly key: string | Buffer | null;
  /** `null` deletes the key from a compacted topic. */
  readonly value: Buffer | null;
  readonly headers?: Readonly<Record<string, string | Buffer>>;
  readonly partition?: number;
}

/** The messages of one send were not acknowledged; `retryable` is false when they never will be (too large, no such topic). */
export class SendFailedError extends Error {
  override readonly name = 'SendFailedError';
  readonly retryable: boolean;

  constructor(topic: string, cause: unknown) {
    super(`messages to ${topic} were not acknowledged: ${cause instanceof Error ? cause.message : String(cause)}`, {
      cause,
    });
    this.retryable = !isPermanent(cause);
  }
}

const permanentTypes: ReadonlySet<string> = new Set([
  'MESSAGE_TOO_LARGE',
  'RECORD_LIST_TOO_LARGE',
  'INVALID_TOPIC_EXCEPTION',
  'TOPIC_AUTHORIZATION_FAILED',
  'INVALID_RECORD',
]);

const isPermanent = (error: unknown): boolean =>
  error instanceof Error && 'type' in error && permanentTypes.has(String(error.type));

interface WaitingSend {
  readonly topic: string;
  readonly messages: readonly EventMessage[];
  readonly bytes: number;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

// A broker refuses a record batch above message.max.bytes (1 MiB unless configured), and one request carries one batch a partition.
const maxRequestBytes = 900_000;
const maxRequestMessages = 4_000;
const overheadBytes = 60;

/**
 * Sends with `acks=all`, one request at a time, so the order of calls is the order in each partition.
 * What is asked for while a request is under way goes out together in the next one.
 * After a failed or unclear acknowledgement a message may be stored twice: readers deduplicate.
 */
export class EventProducer {
  readonly #producer: Producer;
  #waiting: WaitingSend[] = [];
  #draining: Promise<void> | undefined;
  #isClosed = false;

  constructor(connection: KafkaConnection) {
    this.#producer = connectTo(connection).producer({
      createPartitioner: partitionByKey,
      allowAutoTopicCreation: false,
      retry: retryPolicy(15),
    });
  }

  async connect(): Promise<void> {
    await this.#producer.connect();
  }

  /**
   * Resolves when the broker has acknowledged all of `messages`; rejects with SendFailedError after about 13 s of retries.
   * Messages above 900 kB in total are sent in several requests, in order.
   */
  async send(topic: string, messages: readonly EventMessage[]): Promise<void> {
    if (this.#isClosed) throw new SendFailedError(topic, new Error('the producer is disconnected'));
    await Promise.all(
      splitBySize(messages).map(
        ({ part, bytes }) =>
          new Promise<void>((resolve, reject) => {
            this.#waiting.push({ topic, messages: part, bytes, resolve, reject });
            this.#draining ??= this.#drain();
          }),
      ),
    );
  }

  /** Sends what is waiting, then leaves. */
  async disconnect(): Promise<void> {
    this.#isClosed = true;
    await this.#draining;
    await this.#producer.disconnect();
  }

  async #drain(): Promise<void> {
    // Calls of the same turn join the first request.
    await Promise.resolve();
    while (this.#waiting.length > 0) {
      const sends = takeRequest(this.#waiting);
      if (!(await this.#sendTogether(sends))) await this.#sendApart(sends);
    }
    this.#draining = undefined;
  }

  async #sendTogether(sends: readonly WaitingSend[]): Promise<boolean> {
    try {
      await this.#request(sends);
    } catch (error) {
      const [only] = sends;
      if (sends.length > 1 || only === undefined) return false;
      only.reject(new SendFailedError(only.topic, error));
      return true;
    }
    for (const send of sends) send.resolve();
    return true;
  }

  // One caller's oversized message must not fail the others'.
  async #sendApart(sends: readonly WaitingSend[]): Promise<void> {
    for (const send of sends) await this.#sendTogether([send]);
  }

  async #request(sends: readonly WaitingSend[]): Promise<void> {
    const byTopic = new Map<string, Message[]>();
    for (const { topic, messages } of sends) {
      const together = byTopic.get(topic) ?? [];
      for (const message of messages) together.push(toMessage(message));
      byTopic.set(topic, together);
    }
    await this.#producer.sendBatch({
      acks: -1,
      topicMessages: [...byTopic].map(([topic, messages]) => ({ topic, messages })),
    });
  }
}

const toMessage = ({ key, value, headers, partition }: EventMessage): Message => ({
  key,
  value,
  ...(headers === undefined ? {} : { headers: { ...headers } }),
  ...(partition === undefined ? {} : { partition }),
});

const sizeOf = ({ key, value, headers }: EventMessage): number => {
  let bytes = overheadBytes + (key?.length ?? 0) + (value?.length ?? 0);
  for (const name in headers) bytes += name.length + (headers[name]?.length ?? 0);
  return bytes;
};

const splitBySize = (messages: readonly EventMessage[]): { part: EventMessage[]; bytes: number }[] => {
  const parts: { part: EventMessage[]; bytes: number }[] = [];
  let last: { part: EventMessage[]; bytes: number } | undefined;
  for (const message of messages) {
    const bytes = sizeOf(message);
    if (last === undefined || last.bytes + bytes > maxRequestBytes || last.part.length === maxRequestMessages) {
      last = { part: [], bytes: 0 };
      parts.push(last);
    }
    last.part.push(message);
    last.bytes += bytes;
  }
  return parts;
};

/** Removes from the front what fits into one request. */
const takeRequest = (waiting: WaitingSend[]): WaitingSend[] => {
  let bytes = 0;
  let messages = 0;
  let count = 0;
  for (const send of waiting) {
    bytes += send.bytes;
    messages += send.messages.length;
    if (count > 0 && (bytes > maxRequestBytes || messages > maxRequestMessages)) break;
    count++;
  }
  return waiting.splice(0, count);
};
