import { decode, FrameReader, FrameWriter, Iso8583Error } from '@fourway/iso8583';
import type { Iso8583Message, Iso8583Profile } from '@fourway/iso8583';
import type { Socket } from 'node:net';
import type { AcquirerHost, Reply } from './acquirer-host.ts';
import type { Payments } from './payments.ts';

/** No frame of ours is as long as this begins to say. */
const noise = Buffer.from('f09fa7a8deadbeef', 'hex');

/** One switch's connection: a piece of the stream in, one write to the book, one write of answers out. */
export class IsoConnection {
  readonly #host: AcquirerHost;
  readonly #payments: Payments;
  readonly #socket: Socket;
  readonly #reader = new FrameReader();
  readonly #profile: Iso8583Profile;
  readonly #writer: FrameWriter;
  #signedOn = false;

  constructor(options: { host: AcquirerHost; payments: Payments; profile: Iso8583Profile; socket: Socket }) {
    this.#host = options.host;
    this.#payments = options.payments;
    this.#socket = options.socket;
    this.#profile = options.profile;
    this.#writer = new FrameWriter(options.profile);
    this.#socket.setNoDelay(true);
    this.#socket.on('data', (piece: Buffer) => this.#receive(piece));
    this.#socket.on('error', () => this.#socket.destroy());
  }

  #receive(piece: Buffer): void {
    let cut = false;
    const replies: Reply[] = [];
    for (const message of this.#messages(piece)) {
      if (!this.#maySpeak(message)) return this.#cut();
      const reply = this.#host.handle(message);
      if (reply !== undefined) replies.push(reply);
      cut ||= this.#host.isTimeToDisconnect(message);
    }
    this.#payments.flush();
    if (cut) return this.#cut();
    this.#send(replies);
  }

  #messages(piece: Buffer): Iso8583Message[] {
    const messages: Iso8583Message[] = [];
    try {
      this.#reader.push(piece, (bytes) => this.#decodeInto(messages, bytes));
    } catch (error) {
      // Behind a frame that cannot be, nothing of this stream can be read any more.
      this.#count(error);
      this.#socket.destroy();
    }
    return messages;
  }

  #decodeInto(messages: Iso8583Message[], bytes: Buffer): void {
    if (bytes.length === 0) return;
    try {
      messages.push(decode(this.#profile, bytes));
    } catch (error) {
      this.#count(error);
    }
  }

  #count(error: unknown): void {
    if (!(error instanceof Iso8583Error)) throw error;
    this.#host.counters.undecodable += 1;
  }

  /** Nothing but network management before the sign-on. */
  #maySpeak(message: Iso8583Message): boolean {
    const isNetworkManagement = message.mti.startsWith('08');
    if (isNetworkManagement && message.fields[70] === '001') this.#signedOn = true;
    if (isNetworkManagement && message.fields[70] === '002') this.#signedOn = false;
    return isNetworkManagement || this.#signedOn;
  }

  #send(replies: readonly Reply[]): void {
    const later = replies.filter(({ delayMs }) => delayMs > 0);
    this.#write(later.length === 0 ? replies : replies.filter(({ delayMs }) => delayMs === 0));
    for (const [delayMs, group] of Map.groupBy(later, (reply) => reply.delayMs)) {
      setTimeout(() => this.#write(group), delayMs).unref();
    }
  }

  #write(replies: readonly Reply[]): void {
    if (replies.length === 0 || !this.#socket.writable) return;
    const pieces: Buffer[] = [];
    for (const { message, copies, garbled } of replies) {
      if (garbled) pieces.push(this.#writer.take(), noise);
      else for (let copy = 0; copy < copies; copy += 1) this.#writer.add(message);
    }
    pieces.push(this.#writer.take());
    this.#socket.write(pieces.length === 1 ? (pieces[0] ?? noise) : Buffer.concat(pieces));
  }

  #cut(): void {
    this.#payments.flush();
    this.#socket.destroy();
  }
}
