import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { encode, frame } from '@fourway/iso8583';
import type { Iso8583Message, Iso8583Profile } from '@fourway/iso8583';
import type { Clock } from '@fourway/kernel';
import { MessageStream } from './message-stream.ts';
import { echoCode, NetworkManagement, signOnCode } from './network-management.ts';
import { reconnectWaitMs } from './reconnect-wait.ts';
import type { LinkState, LinkTimings } from './link-types.ts';

/** Echoes without any answer after which the connection is given up. */
const mostMissedEchoes = 2;

export interface ConnectionOptions {
  readonly host: string;
  readonly port: number;
  readonly profile: Iso8583Profile;
  readonly clock: Clock;
  readonly random: () => number;
  readonly timings: LinkTimings;
  /** All messages of one piece of the stream that are about payments. */
  onMessages(messages: readonly Iso8583Message[]): void;
  onUndecodable(): void;
  onState(state: LinkState): void;
}

/** One TCP connection to an acquirer: connects, signs on, echoes when it is silent, and comes back when it is lost. */
export class HostConnection {
  readonly #options: ConnectionOptions;
  readonly #network = new NetworkManagement();
  #socket: Socket | undefined;
  #state: LinkState = 'disconnected';
  /** What must have happened by then: a reconnect, a connection, an answer; Infinity while nothing is due. */
  #dueAtMs = Infinity;
  #lastHeardMs = 0;
  #missedEchoes = 0;
  #failures = 0;

  constructor(options: ConnectionOptions) {
    this.#options = options;
  }

  get isSignedOn(): boolean {
    return this.#state === 'signed_on' && this.#socket?.writable === true;
  }

  /** Bytes handed over that the system has not taken yet. */
  get unsentBytes(): number {
    return this.#socket?.writableLength ?? 0;
  }

  start(): void {
    this.#connect();
  }

  stop(): void {
    const socket = this.#socket;
    const wasSignedOn = this.isSignedOn;
    this.#dueAtMs = Infinity;
    this.#leave();
    if (wasSignedOn) socket?.destroySoon();
    else socket?.destroy();
  }

  /** Hands bytes to the socket; call only while signed on. */
  write(bytes: Buffer): void {
    this.#socket?.write(bytes);
  }

  /** Looks after what is due; called every few milliseconds. */
  tick(nowMs: number): void {
    if (this.#state === 'signed_on') this.#watch(nowMs);
    else if (nowMs >= this.#dueAtMs) {
      if (this.#state === 'disconnected') this.#connect();
      else this.#socket?.destroy();
    }
  }

  #connect(): void {
    const { host, port, profile, clock, timings } = this.#options;
    const socket = connect({ host, port, noDelay: true });
    const stream = new MessageStream(profile, () => this.#options.onUndecodable());
    this.#socket = socket;
    this.#dueAtMs = clock.nowMs() + timings.connectTimeoutMs;
    this.#become('connecting');
    socket.once('connect', () => this.#signOn(socket));
    // The reason is of no use to the payments in flight; 'close' follows and says all that matters.
    socket.on('error', () => socket.destroy());
    socket.on('data', (piece: Buffer) => {
      const messages = stream.read(piece);
      if (socket === this.#socket) this.#hear(messages);
      if (stream.isLost) socket.destroy();
    });
    socket.once('close', () => {
      if (socket === this.#socket) this.#lose();
    });
  }

  #signOn(socket: Socket): void {
    if (socket !== this.#socket) return;
    this.#become('signing_on');
    this.#ask(signOnCode);
  }

  #ask(code: typeof signOnCode | typeof echoCode): void {
    const nowMs = this.#options.clock.nowMs();
    this.#dueAtMs = nowMs + this.#options.timings.answerTimeoutMs;
    this.#tell(this.#network.request(code, nowMs));
  }

  #tell(message: Iso8583Message): void {
    this.write(frame(encode(this.#options.profile, message)));
  }

  #hear(messages: readonly Iso8583Message[]): void {
    this.#lastHeardMs = this.#options.clock.nowMs();
    this.#missedEchoes = 0;
    if (this.#state === 'signed_on') this.#dueAtMs = Infinity;
    const aboutPayments = messages.filter((message) => !this.#manage(message));
    if (aboutPayments.length > 0) this.#options.onMessages(aboutPayments);
  }

  /** True where the message was about the link and is dealt with. */
  #manage(message: Iso8583Message): boolean {
    if (message.mti === '0800') this.#tell(this.#network.answer(message));
    else if (message.mti !== '0810') return false;
    else if (this.#state === 'signing_on' && message.fields[70] === signOnCode) this.#signedOn(message.fields[39]);
    return true;
  }

  #signedOn(responseCode: string | undefined): void {
    if (responseCode !== '00') {
      this.#socket?.destroy();
      return;
    }
    this.#failures = 0;
    this.#dueAtMs = Infinity;
    this.#become('signed_on');
  }

  #watch(nowMs: number): void {
    if (this.#dueAtMs === Infinity) {
      if (nowMs - this.#lastHeardMs >= this.#options.timings.echoAfterMs) this.#ask(echoCode);
      return;
    }
    if (nowMs < this.#dueAtMs) return;
    this.#missedEchoes += 1;
    if (this.#missedEchoes >= mostMissedEchoes) this.#socket?.destroy();
    else this.#ask(echoCode);
  }

  #lose(): void {
    const { clock, random, timings } = this.#options;
    const bounds = { firstMs: timings.reconnectAfterMs, longestMs: timings.reconnectAtMostMs };
    this.#dueAtMs = clock.nowMs() + reconnectWaitMs(this.#failures, bounds, random);
    this.#failures += 1;
    this.#leave();
  }

  #leave(): void {
    this.#socket = undefined;
    this.#missedEchoes = 0;
    this.#become('disconnected');
  }

  #become(state: LinkState): void {
    if (state === this.#state) return;
    this.#state = state;
    this.#options.onState(state);
  }
}
