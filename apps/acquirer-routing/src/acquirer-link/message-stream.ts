import { decode, FrameReader, Iso8583Error } from '@fourway/iso8583';
import type { Iso8583Message, Iso8583Profile } from '@fourway/iso8583';

/** The messages of one connection, as far as they can be read. */
export class MessageStream {
  readonly #reader = new FrameReader();
  readonly #profile: Iso8583Profile;
  readonly #onUndecodable: () => void;
  #isLost = false;

  constructor(profile: Iso8583Profile, onUndecodable: () => void) {
    this.#profile = profile;
    this.#onUndecodable = onUndecodable;
  }

  /**
   * True where the beginning of the next message is no longer known. A frame that holds no message type shows that as
   * much as an impossible length does; a message with one bad element does not, and costs only itself.
   */
  get isLost(): boolean {
    return this.#isLost;
  }

  read(piece: Buffer): Iso8583Message[] {
    const messages: Iso8583Message[] = [];
    try {
      this.#reader.push(piece, (bytes) => {
        if (!this.#isLost && bytes.length > 0) this.#decodeInto(messages, bytes);
      });
    } catch (error) {
      this.#note(error);
      this.#isLost = true;
    }
    return messages;
  }

  #decodeInto(messages: Iso8583Message[], bytes: Buffer): void {
    try {
      messages.push(decode(this.#profile, bytes));
    } catch (error) {
      this.#isLost = this.#note(error).code === 'mti_invalid';
    }
  }

  #note(error: unknown): Iso8583Error {
    if (!(error instanceof Iso8583Error)) throw error;
    this.#onUndecodable();
    return error;
  }
}
