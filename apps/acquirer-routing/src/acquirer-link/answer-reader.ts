import type { Iso8583Message } from '@fourway/iso8583';
import { answerMtis } from './attempt-kind.ts';
import { countAnswer } from './link-counters.ts';
import { nameAttempt } from './name-attempt.ts';
import { RecentKeys } from './recent-keys.ts';
import type { InFlight } from './in-flight.ts';
import type {
  LateAnswer,
  LinkAnswer,
  LinkCounters,
  ReversalAnswer,
  ReversalRequest,
  SaleRequest,
} from './link-types.ts';

/** Second copies arrive soon if at all; older ones are reported as late. */
const rememberedAnswers = 65_536;

/** Everything one piece of the stream said, by what it means. */
export interface ReadAnswers {
  readonly answers: LinkAnswer[];
  readonly late: LateAnswer[];
  readonly reversals: ReversalAnswer[];
}

/** Tells what messages from the acquirer mean for what is in flight. */
export class AnswerReader {
  readonly #sales: InFlight<SaleRequest>;
  readonly #reversals: InFlight<ReversalRequest>;
  readonly #counters: LinkCounters;
  readonly #answered = new RecentKeys(rememberedAnswers);

  constructor(options: { sales: InFlight<SaleRequest>; reversals: InFlight<ReversalRequest>; counters: LinkCounters }) {
    this.#sales = options.sales;
    this.#reversals = options.reversals;
    this.#counters = options.counters;
  }

  read(messages: readonly Iso8583Message[], nowMs: number): ReadAnswers {
    const read: ReadAnswers = { answers: [], late: [], reversals: [] };
    for (const message of messages) {
      const responseCode = message.fields[39];
      if (responseCode === undefined) this.#counters.undecodable += 1;
      else if (answerMtis.has(message.mti)) this.#readSale(read, { message, responseCode, nowMs });
      else if (message.mti === '0430') this.#readReversal(read, message, responseCode);
      else this.#counters.unmatched += 1;
    }
    return read;
  }

  #readSale(
    read: ReadAnswers,
    { message, responseCode, nowMs }: { message: Iso8583Message; responseCode: string; nowMs: number },
  ): void {
    const entry = this.#sales.take(message);
    if (entry === undefined || entry.deadlineMs <= nowMs) {
      // Read too late to count, however early it came: other processes may act on the deadline.
      if (entry !== undefined) read.answers.push(this.#timedOut(entry.request));
      this.#readLate(read, message, responseCode);
      return;
    }
    const { operationId, attemptNo } = entry.request;
    const rrn = message.fields[37] ?? '';
    const amountMatches = message.fields[4] === entry.expected.amount;
    const authCode = message.fields[38] ?? null;
    read.answers.push({ operationId, attemptNo, kind: 'answered', responseCode, authCode, rrn, amountMatches });
    this.#answered.add(rrn);
    countAnswer(this.#counters, responseCode);
  }

  #timedOut({ operationId, attemptNo }: SaleRequest): LinkAnswer {
    this.#counters.timedOut += 1;
    return { operationId, attemptNo, kind: 'no_answer', reason: 'timeout' };
  }

  #readLate(read: ReadAnswers, message: Iso8583Message, responseCode: string): void {
    if (this.#answered.has(message.fields[37] ?? '')) {
      this.#counters.duplicates += 1;
      return;
    }
    const attempt = nameAttempt(message);
    if (attempt === undefined) {
      this.#counters.unmatched += 1;
      return;
    }
    const { 4: amount, 37: rrn = '', 38: authCode = null } = message.fields;
    this.#counters.late += 1;
    read.late.push({
      ...attempt,
      responseCode,
      authCode,
      rrn,
      amountMinor: amount === undefined ? null : BigInt(amount),
    });
  }

  #readReversal(read: ReadAnswers, message: Iso8583Message, responseCode: string): void {
    const attempt = this.#reversals.take(message)?.request ?? nameAttempt(message);
    if (attempt === undefined) {
      this.#counters.unmatched += 1;
      return;
    }
    this.#counters.reversalsAnswered += 1;
    read.reversals.push({ operationId: attempt.operationId, attemptNo: attempt.attemptNo, responseCode });
  }
}
