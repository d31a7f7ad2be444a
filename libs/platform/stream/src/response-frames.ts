const sizeBytes = 4;
/** A broker answers a fetch with no more than was asked for, or with one record batch that is larger; nothing Fourway keeps comes near this. */
const maxFrameBytes = 1_073_741_824;

/** Cuts a stream of bytes into Kafka's responses: four bytes with the size of what follows, then as many bytes. */
export class ResponseFrames {
  readonly #onFrame: (frame: Buffer) => void;
  readonly #size = Buffer.alloc(sizeBytes);
  #frame: Buffer = this.#size;
  #filled = 0;

  /** @param onFrame gets each response whole, its size in front, in a buffer of its own */
  constructor(onFrame: (frame: Buffer) => void) {
    this.#onFrame = onFrame;
  }

  /**
   * Copies what it keeps: `bytes` may be written over afterwards.
   * @throws Error where a size cannot be one: what follows cannot be told apart any more
   */
  take(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length;) {
      const part = bytes.subarray(at, at + this.#frame.length - this.#filled);
      this.#frame.set(part, this.#filled);
      this.#filled += part.length;
      at += part.length;
      if (this.#filled === this.#frame.length) this.#next();
    }
  }

  #next(): void {
    if (this.#frame === this.#size) {
      this.#frame = frameOf(this.#size);
      return;
    }
    const frame = this.#frame;
    this.#frame = this.#size;
    this.#filled = 0;
    this.#onFrame(frame);
  }
}

function frameOf(size: Buffer): Buffer {
  const bytes = size.readInt32BE();
  if (bytes <= 0 || bytes > maxFrameBytes)
    throw new RangeError(`a response of the broker says that it has ${bytes} bytes; 1 to ${maxFrameBytes} can be`);
  const frame = Buffer.allocUnsafe(sizeBytes + bytes);
  size.copy(frame);
  return frame;
}
