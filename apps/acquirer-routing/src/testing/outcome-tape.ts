import { decodeOutcome, decodeRefusal, topics } from '@fourway/contracts';
import { sleep, SwitchError } from '@fourway/kernel';
import { endOffsets, readTopic, type StreamRecord } from '@fourway/platform-stream';

/** A record of payments.outcomes.v1. */
export interface TapedOutcome {
  readonly partition: number;
  readonly offset: bigint;
  readonly value: Buffer;
  readonly outcome: NonNullable<ReturnType<typeof decodeOutcome>>;
}

interface Reading {
  readonly topic: string;
  /** By partition: the offset that comes next. */
  readonly next: Map<number, bigint>;
  readonly ended: Promise<unknown>;
}

/** Follows what routing answers, as an upstream service would, from the moment it is started. */
export class OutcomeTape {
  readonly #connection: { readonly brokers: readonly string[]; readonly clientId: string };
  readonly #abort = new AbortController();
  readonly #readings: Reading[] = [];
  #outcomes: TapedOutcome[] = [];
  #refusals = new Map<string, string[]>();

  constructor(kafka: string) {
    this.#connection = { brokers: [kafka], clientId: 'outcome-tape' };
  }

  get outcomes(): readonly TapedOutcome[] {
    return this.#outcomes;
  }

  /** Codes by the event id of the refused record. */
  get refusals(): ReadonlyMap<string, readonly string[]> {
    return this.#refusals;
  }

  async start(): Promise<void> {
    await this.#follow(topics.outcomes.name, (record) => {
      const { partition, offset, value } = record;
      const outcome = value === null ? null : readable(value, decodeOutcome);
      if (outcome !== null && value !== null) this.#outcomes.push({ partition, offset, value, outcome });
    });
    await this.#follow(topics.refused.name, ({ value }) => {
      const refusal = value === null ? null : readable(value, decodeRefusal);
      if (refusal === null) return;
      this.#refusals.set(refusal.eventId, [...(this.#refusals.get(refusal.eventId) ?? []), refusal.code]);
    });
  }

  /** Forgets what was read so far. */
  rewind(): void {
    this.#outcomes = [];
    this.#refusals = new Map();
  }

  /** Resolves when everything is read that is in the topics now. */
  async caughtUp(): Promise<void> {
    for (const { topic, next } of this.#readings) {
      const ends = await endOffsets({ ...this.#connection, topic });
      while (ends.some(({ partition, offset }) => (next.get(partition) ?? 0n) < offset)) await sleep(10);
    }
  }

  async stop(): Promise<void> {
    this.#abort.abort();
    await Promise.all(this.#readings.map(({ ended }) => ended));
  }

  async #follow(topic: string, onRecord: (record: StreamRecord) => void): Promise<void> {
    const from = await endOffsets({ ...this.#connection, topic });
    const next = new Map(from.map(({ partition, offset }) => [partition, offset]));
    const onRecords = (records: readonly StreamRecord[]): void => {
      for (const record of records) {
        onRecord(record);
        next.set(record.partition, record.offset + 1n);
      }
    };
    const { signal } = this.#abort;
    this.#readings.push({
      topic,
      next,
      ended: readTopic({ ...this.#connection, topic, from, follow: true, signal, onRecords }),
    });
  }
}

/** Other specs share the topics, and what they leave there need not be readable. */
function readable<T>(value: Buffer, decode: (bytes: Uint8Array) => T): T | null {
  try {
    return decode(value);
  } catch (error) {
    if (error instanceof SwitchError) return null;
    throw error;
  }
}
