import { randomUUID } from 'node:crypto';
import { decodeOutcome, decodeRefusal, deadLetterTopic, topics, type Outcome, type Refusal } from '@fourway/contracts';
import { sleep, SwitchError } from '@fourway/kernel';
import { StreamConsumer, type StreamBatch, type StreamLogger, type StreamRecord } from '@fourway/platform-stream';

export interface AnswerListener {
  outcomes(outcomes: readonly Outcome[], readMs: number): void;
  refusals(refusals: readonly Refusal[]): void;
  /** Keys of records that were set aside. */
  deadLetters(keys: readonly string[]): void;
}

const deadLetterTopics = [topics.requested, topics.scored].map((topic) => deadLetterTopic(topic).name);
const rejoinAfterMs = 500;
const stalledMs = 60_000;

// A broker that comes and goes is what this reader is for; a partition it no longer reads is not.
const errorsOnly: StreamLogger = {
  info: () => undefined,
  warn: () => undefined,
  error: (fields, message) => console.error(`answers: ${message}`, fields),
};

/** Reads everything the switch answers, as an upstream would, through restarts of the broker. */
export class AnswerReader {
  readonly #brokers: readonly string[];
  readonly #listener: AnswerListener;
  readonly #groupId = `fourway-play-${randomUUID()}`;
  #consumer: StreamConsumer;
  #isStopped = false;

  constructor(brokers: readonly string[], listener: AnswerListener) {
    this.#brokers = brokers;
    this.#listener = listener;
    this.#consumer = this.#newConsumer();
  }

  /**
   * Resolves when everything that was answered before has been read.
   * @throws SwitchError `stalled` when a minute passes without progress
   */
  async start(): Promise<void> {
    await this.#consumer.start();
    let progress = { lagRecords: Infinity, atMs: performance.now() };
    while (!this.#isCaughtUp()) {
      const { lagRecords, reason } = this.#consumer.health();
      if (lagRecords < progress.lagRecords) progress = { lagRecords, atMs: performance.now() };
      if (performance.now() - progress.atMs > stalledMs) {
        throw new SwitchError('stalled', `the answers cannot be read: ${reason ?? `${lagRecords} records behind`}`);
      }
      await sleep(20);
    }
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    await this.#consumer.stop();
  }

  #isCaughtUp(): boolean {
    const { ready, lagRecords } = this.#consumer.health();
    return ready && lagRecords === 0;
  }

  #newConsumer(): StreamConsumer {
    return new StreamConsumer({
      ...{ brokers: this.#brokers, clientId: 'fourway-play', groupId: this.#groupId },
      topics: [topics.outcomes.name, topics.refused.name, ...deadLetterTopics],
      handle: (batch) => this.#take(batch),
      handleAll: true,
      isTransient: () => false,
      onFatal: () => void this.#rejoin(),
      logger: errorsOnly,
    });
  }

  /** The group remembers where it was; what comes twice is recognised. */
  async #rejoin(): Promise<void> {
    while (!this.#isStopped) {
      await sleep(rejoinAfterMs);
      try {
        await this.#consumer.stop();
        this.#consumer = this.#newConsumer();
        await this.#consumer.start();
        return;
      } catch {
        // The broker is not back yet.
      }
    }
  }

  #take({ records }: StreamBatch): Promise<void> {
    const readMs = performance.now();
    const of = (topic: string): Buffer[] => records.filter((record) => record.topic === topic).flatMap(valueOf);
    this.#listener.outcomes(
      of(topics.outcomes.name).flatMap((value) => decodeOutcome(value) ?? []),
      readMs,
    );
    this.#listener.refusals(of(topics.refused.name).map(decodeRefusal));
    const setAside = records.filter(({ topic, value }) => deadLetterTopics.includes(topic) && value !== null);
    this.#listener.deadLetters(setAside.map(({ headers }) => headers['dlq-key']?.toString() ?? ''));
    return Promise.resolve();
  }
}

const valueOf = ({ value }: StreamRecord): Buffer[] => (value === null ? [] : [value]);
