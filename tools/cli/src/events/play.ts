import { topics } from '@fourway/contracts';
import { sleep } from '@fourway/kernel';
import { EventProducer, type EventMessage } from '@fourway/platform-stream';
import type { DayPace, TrafficItem, TrafficRecord } from '@fourway/world';
import { AnswerReader } from './answer-reader.ts';
import { PlayTally } from './play-tally.ts';
import { RecordSender } from './record-sender.ts';
import { reportOf, type PlayReport } from './play-report.ts';

export interface PlayOptions {
  readonly brokers: readonly string[];
  readonly items: Iterator<TrafficItem, unknown>;
  /** Items per second; null sends as fast as `window` allows. */
  readonly ratePerSecond: number | null;
  /** When items are due, in the place of an even rate: a day's curve. */
  readonly pace?: DayPace;
  /** Operations without an answer at most. Default: 5,000, and no bound where there is a rate. */
  readonly window?: number;
  /** How long to wait for the last answers, milliseconds. Default 60,000. */
  readonly waitMs?: number;
  /** Told about four times a second. */
  readonly onProgress?: (progress: PlayProgress) => void;
}

export interface PlayProgress {
  readonly sentItems: number;
  readonly outcomes: number;
  readonly open: number;
}

/** Sends traffic, reads the answers, and returns when everything is answered, or `waitMs` after the last send. */
export async function play(options: PlayOptions): Promise<PlayReport> {
  return new Player(options).run();
}

interface Later {
  readonly operationId: string;
  readonly record: TrafficRecord;
  readonly dueMs: number;
}

const tickMs = 2;
const progressMs = 250;
const itemsPerTick = 500;

class Player {
  readonly #options: PlayOptions;
  readonly #tally = new PlayTally();
  readonly #producer: EventProducer;
  readonly #sender: RecordSender;
  readonly #reader: AnswerReader;
  readonly #window: number;
  readonly #waitMs: number;
  #later: Later[] = [];
  #following: { readonly item: TrafficItem; readonly dueMs: number }[] = [];
  #sentItems = 0;
  #isExhausted = false;
  #lastOutcomeMs = 0;
  #lastProgressMs = 0;

  constructor(options: PlayOptions) {
    this.#options = options;
    this.#waitMs = options.waitMs ?? 60_000;
    const isPaced = options.ratePerSecond !== null || options.pace !== undefined;
    this.#window = options.window ?? (isPaced ? Infinity : 5_000);
    this.#producer = new EventProducer({ brokers: options.brokers, clientId: 'fourway-play' });
    this.#sender = new RecordSender(this.#producer, topics.requested.name, this.#waitMs);
    this.#reader = new AnswerReader(options.brokers, {
      outcomes: (outcomes, readMs) => {
        for (const outcome of outcomes) {
          const { record, items } = this.#tally.outcome(outcome, readMs);
          if (record !== undefined) this.#later.push({ operationId: outcome.operationId, record, dueMs: readMs });
          for (const item of items) this.#following.push({ item, dueMs: readMs });
        }
        if (outcomes.length > 0) this.#lastOutcomeMs = readMs;
      },
      refusals: (refusals) => refusals.forEach((refusal) => this.#tally.refusal(refusal)),
      deadLetters: (keys) => keys.forEach((key) => this.#tally.deadLetter(key)),
    });
  }

  async run(): Promise<PlayReport> {
    await this.#producer.connect();
    try {
      await this.#reader.start();
      const startedMs = performance.now();
      this.#lastOutcomeMs = startedMs;
      await this.#sendAll(startedMs);
      await this.#awaitAnswers();
      return reportOf(this.#tally, { startedMs, lastOutcomeMs: this.#lastOutcomeMs, sentItems: this.#sentItems });
    } finally {
      await Promise.all([this.#reader.stop(), this.#producer.disconnect()]);
    }
  }

  async #sendAll(startedMs: number): Promise<void> {
    while (!this.#isExhausted) {
      this.#sender.assertHealthy();
      this.#sendDue(startedMs);
      this.#progress();
      await sleep(tickMs);
    }
  }

  async #awaitAnswers(): Promise<void> {
    let untilMs = performance.now() + this.#waitMs;
    while (this.#tally.openAnswers > 0 || this.#waiting > 0 || !this.#sender.isIdle) {
      if (performance.now() > untilMs) break;
      this.#sender.assertHealthy();
      // A record sent only now has as long for its answer as every other.
      if (this.#sendLater(performance.now())) untilMs = performance.now() + this.#waitMs;
      this.#progress();
      await sleep(tickMs);
    }
    await this.#sender.flush();
  }

  get #waiting(): number {
    return this.#later.length + this.#following.length;
  }

  #sendDue(startedMs: number): void {
    const nowMs = performance.now();
    this.#sendLater(nowMs);
    const messages: EventMessage[] = [];
    for (let room = this.#room(startedMs, nowMs); room > 0; room -= 1) {
      const next = this.#options.items.next();
      if (next.done === true) {
        this.#isExhausted = true;
        break;
      }
      this.#sentItems += 1;
      this.#take(next.value, { dueMs: this.#dueMs(startedMs, nowMs), messages });
    }
    if (messages.length > 0) this.#sender.send(messages);
  }

  /** How many items may be sent now. */
  #room(startedMs: number, nowMs: number): number {
    const { ratePerSecond, pace } = this.#options;
    const elapsedMs = nowMs - startedMs;
    const dueItems = pace?.dueBy(elapsedMs) ?? Math.floor((elapsedMs * (ratePerSecond ?? 0)) / 1_000);
    const isPaced = pace !== undefined || ratePerSecond !== null;
    return Math.min(isPaced ? dueItems - this.#sentItems : itemsPerTick, this.#window - this.#tally.openOperations);
  }

  /** A late sender does not make a payment due later: what it waits here counts. */
  #dueMs(startedMs: number, nowMs: number): number {
    const { ratePerSecond, pace } = this.#options;
    if (pace !== undefined) return startedMs + pace.dueMs(this.#sentItems);
    return ratePerSecond === null ? nowMs : startedMs + (this.#sentItems * 1_000) / ratePerSecond;
  }

  #take(item: TrafficItem, { dueMs, messages }: { dueMs: number; messages: EventMessage[] }): void {
    this.#tally.open(item, dueMs);
    for (const { send, item: next } of item.following ?? [])
      if (send !== 'after_approval') this.#following.push({ item: next, dueMs: dueMs + send.afterMs });
    for (const [index, record] of item.records.entries()) {
      const { operationId } = item;
      if (record.send === 'after_outcome') continue;
      if (record.send.afterMs > 0) {
        this.#later.push({ operationId, record, dueMs: dueMs + record.send.afterMs });
        continue;
      }
      if (index > 0) this.#tally.willSend(operationId, record);
      messages.push(messageOf(record));
    }
  }

  /** Sends the records whose time has come; true if there were any. */
  #sendLater(nowMs: number): boolean {
    const isFollowing = this.#sendFollowing(nowMs);
    const due = this.#later.filter(({ dueMs }) => dueMs <= nowMs);
    if (due.length === 0) return isFollowing;
    this.#later = this.#later.filter(({ dueMs }) => dueMs > nowMs);
    for (const { operationId, record } of due) this.#tally.willSend(operationId, record);
    this.#sender.send(due.map(({ record }) => messageOf(record)));
    return true;
  }

  #sendFollowing(nowMs: number): boolean {
    const due = this.#following.filter(({ dueMs }) => dueMs <= nowMs);
    if (due.length === 0) return false;
    this.#following = this.#following.filter(({ dueMs }) => dueMs > nowMs);
    const messages: EventMessage[] = [];
    for (const { item, dueMs } of due) this.#take(item, { dueMs, messages });
    this.#sender.send(messages);
    return true;
  }

  #progress(): void {
    if (performance.now() - this.#lastProgressMs < progressMs) return;
    this.#lastProgressMs = performance.now();
    this.#options.onProgress?.({
      sentItems: this.#sentItems,
      outcomes: this.#tally.outcomes,
      open: this.#tally.openAnswers,
    });
  }
}

const messageOf = ({ key, value }: TrafficRecord): EventMessage => ({ key, value });
