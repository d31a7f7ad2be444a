import { FrameWriter, Iso8583Error } from '@fourway/iso8583';
import type { Iso8583Message } from '@fourway/iso8583';
import { isNewPayment } from './attempt-kind.ts';
import { AnswerReader } from './answer-reader.ts';
import { HostConnection } from './host-connection.ts';
import { InFlight } from './in-flight.ts';
import { newLinkCounters } from './link-counters.ts';
import { defaultTimings } from './link-types.ts';
import { attemptMessage, expectedAnswer, reversalMessage } from './payment-messages.ts';
import type { LinkCounters, LinkOptions, LinkState, LinkTimings, NotSentReason } from './link-types.ts';
import type { ReversalRequest, SaleRequest, SubmitResult } from './link-types.ts';

/** Part of the window that new payments leave free: however many of them wait, a refund finds room. */
const partKeptForFollowUps = 0.1;

/**
 * The link to one acquirer: sends sales and reversals in batches and says for each sale, exactly once, what came of
 * it. No promise per message: answers arrive as arrays, one per piece of the stream.
 */
export class AcquirerLink {
  readonly #options: LinkOptions;
  readonly #timings: LinkTimings;
  readonly #mostNewPayments: number;
  readonly #counters = newLinkCounters();
  readonly #sales = new InFlight<SaleRequest>();
  readonly #reversals = new InFlight<ReversalRequest>();
  readonly #reader = new AnswerReader({ sales: this.#sales, reversals: this.#reversals, counters: this.#counters });
  readonly #writer: FrameWriter;
  readonly #connections: readonly HostConnection[];
  #timer: NodeJS.Timeout | undefined;
  #state: LinkState = 'disconnected';
  #onDrained: (() => void) | undefined;

  constructor(options: LinkOptions) {
    this.#options = options;
    this.#timings = { ...defaultTimings, ...options };
    this.#mostNewPayments = options.maxInFlight - Math.floor(options.maxInFlight * partKeptForFollowUps);
    this.#writer = new FrameWriter(options.profile);
    this.#connections = Array.from({ length: options.connections ?? 1 }, () => this.#createConnection());
  }

  get acquirerId(): string {
    return this.#options.acquirerId;
  }

  /** True while at least one connection may carry payments. */
  get isSignedOn(): boolean {
    return this.#connections.some(({ isSignedOn }) => isSignedOn);
  }

  /** Sales that left and are not answered yet. */
  get inFlight(): number {
    return this.#sales.size;
  }

  /** New payments that would be taken now; 0 means: choose another acquirer. */
  get room(): number {
    const connection = this.#choose();
    if (connection === undefined || connection.unsentBytes >= this.#options.maxUnsentBytes) return 0;
    return Math.max(0, this.#mostNewPayments - this.#sales.size);
  }

  get counters(): Readonly<LinkCounters> {
    return this.#counters;
  }

  start(): void {
    this.#onDrained = undefined;
    this.#timer ??= setInterval(() => this.#tick(), this.#timings.tickMs);
    for (const connection of this.#connections) connection.start();
  }

  /** Takes nothing more, waits until what is in flight is answered or timed out, and disconnects. */
  async stop(): Promise<void> {
    if (this.#timer === undefined) return;
    const drained = new Promise<void>((resolve) => (this.#onDrained = resolve));
    if (this.#sales.size > 0) await drained;
    clearInterval(this.#timer);
    this.#timer = undefined;
    for (const connection of this.#connections) connection.stop();
  }

  /**
   * Sends what may leave in one write. Whether a sale is young enough and the socket takes it is decided here, in the
   * step that writes: a process that wakes from a pause sends nothing old.
   */
  submitSales(batch: readonly SaleRequest[]): SubmitResult<SaleRequest> {
    const nowMs = this.#options.clock.nowMs();
    const youngestMs = nowMs - this.#timings.sendWindowMs;
    const result = this.#submit(batch, {
      nowMs,
      inFlight: this.#sales,
      toMessage: attemptMessage,
      whyNot: ({ claimedAtMs, kind }) => {
        if (claimedAtMs <= youngestMs) return 'send_window_passed';
        const most = isNewPayment(kind) ? this.#mostNewPayments : this.#options.maxInFlight;
        return this.#sales.size >= most ? 'no_room' : undefined;
      },
    });
    this.#counters.salesSent += result.sent.length;
    return result;
  }

  /** Sends reversals in one write. What is not acknowledged is to be submitted again, as a repeat. */
  submitReversals(batch: readonly ReversalRequest[]): SubmitResult<ReversalRequest> {
    const nowMs = this.#options.clock.nowMs();
    const result = this.#submit(batch, {
      nowMs,
      inFlight: this.#reversals,
      toMessage: reversalMessage,
      whyNot: () => undefined,
    });
    this.#counters.reversalsSent += result.sent.length;
    return result;
  }

  #submit<Request>(batch: readonly Request[], how: Submission<Request>): SubmitResult<Request> {
    const result: SubmitResult<Request> = { sent: [], notSent: [], refused: [] };
    const connection = this.#choose();
    try {
      for (const request of batch) this.#add(request, { connection, how, result });
    } finally {
      // Also where a broken invariant ends the loop: nothing collected may leave later than now.
      if (connection !== undefined && this.#writer.length > 0) connection.write(this.#writer.take());
    }
    return result;
  }

  #add<Request>(request: Request, { connection, how, result }: Placing<Request>): void {
    try {
      const message = how.toMessage(this.#options.acquirerId, request);
      const expected = expectedAnswer(message);
      // Before any reason not to send: a copy that did leave must never be reported as one that did not.
      if (how.inFlight.has(expected)) {
        result.refused.push({
          request,
          reason: 'duplicate_in_flight',
          detail: 'the same attempt waits for its answer',
        });
        return;
      }
      const reason = connection === undefined ? 'not_signed_on' : (how.whyNot(request) ?? this.#whyFull(connection));
      if (connection === undefined || reason !== undefined) {
        this.#counters.notSent[reason ?? 'not_signed_on'] += 1;
        result.notSent.push(request);
        return;
      }
      this.#writer.add(message);
      how.inFlight.add({ request, expected, connection, deadlineMs: how.nowMs + this.#timings.answerTimeoutMs });
      result.sent.push(request);
    } catch (error) {
      if (!(error instanceof Iso8583Error)) throw error;
      result.refused.push({ request, reason: 'unencodable', detail: error.message });
    }
  }

  #whyFull(connection: HostConnection): NotSentReason | undefined {
    return connection.unsentBytes + this.#writer.length >= this.#options.maxUnsentBytes ? 'no_room' : undefined;
  }

  /** The signed-on connection with the shortest queue. */
  #choose(): HostConnection | undefined {
    if (this.#onDrained !== undefined) return undefined;
    let chosen: HostConnection | undefined;
    for (const connection of this.#connections) {
      const isShorter = chosen === undefined || connection.unsentBytes < chosen.unsentBytes;
      if (connection.isSignedOn && isShorter) chosen = connection;
    }
    return chosen;
  }

  #createConnection(): HostConnection {
    const { host, port, profile, clock, random = Math.random } = this.#options;
    const connection: HostConnection = new HostConnection({
      host,
      port,
      profile,
      clock,
      random,
      timings: this.#timings,
      onMessages: (messages) => this.#receive(messages),
      onUndecodable: () => (this.#counters.undecodable += 1),
      onState: (state) => this.#follow(connection, state),
    });
    return connection;
  }

  #receive(messages: readonly Iso8583Message[]): void {
    const { answers, late, reversals } = this.#reader.read(messages, this.#options.clock.nowMs());
    if (answers.length > 0) this.#options.onAnswers(answers);
    if (late.length > 0) this.#options.onLateAnswers(late);
    if (reversals.length > 0) this.#options.onReversalAnswers(reversals);
    this.#reportDrained();
  }

  #follow(connection: HostConnection, state: LinkState): void {
    if (state === 'signed_on') this.#counters.connects += 1;
    if (state === 'disconnected') this.#giveUp(this.#sales.takeAllOf(connection), 'disconnected');
    if (state === 'disconnected') this.#reversals.takeAllOf(connection);
    const best = this.isSignedOn ? 'signed_on' : state;
    if (best === this.#state) return;
    this.#state = best;
    this.#options.onState(best);
  }

  #tick(): void {
    const nowMs = this.#options.clock.nowMs();
    this.#reversals.takeDue(nowMs);
    this.#giveUp(this.#sales.takeDue(nowMs), 'timeout');
    for (const connection of this.#connections) connection.tick(nowMs);
  }

  #giveUp(lost: readonly SaleRequest[], reason: 'timeout' | 'disconnected'): void {
    if (lost.length > 0) {
      this.#counters[reason === 'timeout' ? 'timedOut' : 'disconnected'] += lost.length;
      this.#options.onAnswers(
        lost.map(({ operationId, attemptNo }) => ({ operationId, attemptNo, kind: 'no_answer', reason })),
      );
    }
    this.#reportDrained();
  }

  #reportDrained(): void {
    if (this.#sales.size === 0) this.#onDrained?.();
  }
}

interface Submission<Request> {
  readonly nowMs: number;
  readonly inFlight: InFlight<Request>;
  toMessage(acquirerId: string, request: Request): Iso8583Message;
  whyNot(request: Request): NotSentReason | undefined;
}

interface Placing<Request> {
  readonly connection: HostConnection | undefined;
  readonly how: Submission<Request>;
  readonly result: SubmitResult<Request>;
}
