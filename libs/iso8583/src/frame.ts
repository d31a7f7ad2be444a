import { encodeInto, maxMessageBytes } from './encode.ts';
import { Iso8583Error } from './iso8583-error.ts';
import type { Iso8583Message } from './iso8583-message.ts';
import type { Iso8583Profile } from './profile.ts';

/** Bytes of the length that goes before every message: big-endian, not counting itself. */
export const frameHeaderBytes = 2;

/** A frame without a message: says that the link lives and is not answered. */
export const heartbeatFrame: Buffer = Buffer.alloc(frameHeaderBytes);

/** One message's bytes with their length before them. */
export function frame(message: Buffer): Buffer {
  const framed = Buffer.allocUnsafe(frameHeaderBytes + message.length);
  framed.writeUInt16BE(message.length, 0);
  message.copy(framed, frameHeaderBytes);
  return framed;
}

/** Collects framed messages so that a whole batch leaves in one write. */
export class FrameWriter {
  readonly #profile: Iso8583Profile;
  #buffer = Buffer.allocUnsafeSlow(2 * maxMessageBytes);
  #length = 0;

  constructor(profile: Iso8583Profile) {
    this.#profile = profile;
  }

  /** Bytes collected since the last {@link take}. */
  get length(): number {
    return this.#length;
  }

  /**
   * Adds one message.
   * @throws Iso8583Error as `encode` does; what was collected before stays as it was
   */
  add(message: Iso8583Message): void {
    this.#makeRoom();
    const start = this.#length + frameHeaderBytes;
    const end = encodeInto(this.#profile, message, { target: this.#buffer, offset: start });
    this.#buffer.writeUInt16BE(end - start, this.#length);
    this.#length = end;
  }

  /** Everything collected, as bytes of their own; the writer is empty afterwards. */
  take(): Buffer {
    const taken = Buffer.from(this.#buffer.subarray(0, this.#length));
    this.#length = 0;
    return taken;
  }

  #makeRoom(): void {
    if (this.#length + frameHeaderBytes + maxMessageBytes <= this.#buffer.length) return;
    const larger = Buffer.allocUnsafeSlow(2 * this.#buffer.length);
    this.#buffer.copy(larger, 0, 0, this.#length);
    this.#buffer = larger;
  }
}

/** Cuts a byte stream into messages, however the network cut it: one piece may hold half a message or fifty. */
export class FrameReader {
  readonly #maxFrameBytes: number;
  #rest: Buffer = nothing;

  /** @param maxFrameBytes longest message that is believed; a longer one means the stream is lost */
  constructor(maxFrameBytes = 4_096) {
    this.#maxFrameBytes = maxFrameBytes;
  }

  /** Bytes that wait for the rest of their message. */
  get pendingBytes(): number {
    return this.#rest.length;
  }

  /**
   * Hands over the messages that are complete with this piece, in order; an empty one is a heartbeat. They are views:
   * use them before the piece's owner reuses it.
   * @throws Iso8583Error `frame_too_long`, after what stood before that frame was handed over; the stream cannot be read on
   */
  push(piece: Buffer, onMessage: (message: Buffer) => void): void {
    const bytes = this.#rest.length === 0 ? piece : Buffer.concat([this.#rest, piece]);
    let at = 0;
    while (at + frameHeaderBytes <= bytes.length) {
      const length = bytes.readUInt16BE(at);
      if (length > this.#maxFrameBytes) throw tooLong(length, this.#maxFrameBytes, at);
      const start = at + frameHeaderBytes;
      if (start + length > bytes.length) break;
      onMessage(bytes.subarray(start, start + length));
      at = start + length;
    }
    // A copy, so that half a message does not keep a whole read of the socket alive.
    this.#rest = at === bytes.length ? nothing : Buffer.from(bytes.subarray(at));
  }
}

const nothing = Buffer.alloc(0);

function tooLong(length: number, most: number, offset: number): Iso8583Error {
  return new Iso8583Error('frame_too_long', { field: null, offset }, `is ${length} bytes, at most ${most} are taken`);
}
