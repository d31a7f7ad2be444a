import protobuf from 'protobufjs';

/**
 * Reads strings as parts of one text, made once a message. protobufjs puts a string together from pieces of eight characters, and
 * those pieces live as long as the payment whose fields they are: they were most of what the garbage collector had to copy.
 */
export class TextReader extends protobuf.BufferReader {
  readonly #text: string;

  constructor(bytes: Buffer) {
    super(bytes);
    this.#text = bytes.toString('latin1');
  }

  /** Refuses bytes that are no UTF-8. */
  override stringVerify(): string {
    const before = this.pos;
    const length = this.uint32();
    const start = this.pos;
    const end = start + length;
    if (end <= this.len && isAscii(this.buf, start, end)) {
      this.pos = end;
      return this.#text.substring(start, end);
    }
    this.pos = before;
    return super.stringVerify();
  }
}

function isAscii(bytes: Uint8Array, start: number, end: number): boolean {
  let seen = 0;
  for (let at = start; at < end; at += 1) seen |= bytes[at] ?? 0;
  return seen < 0x80;
}
