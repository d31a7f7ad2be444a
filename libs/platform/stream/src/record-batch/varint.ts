/** Reads Kafka's variable-length integers (zigzag, seven bits a byte, lowest first) one after the other. */
export class VarintCursor {
  readonly bytes: Buffer;
  at: number;

  constructor(bytes: Buffer, at: number) {
    this.bytes = bytes;
    this.at = at;
  }

  /** A number of 32 bits. */
  int(): number {
    let byte = this.bytes[this.at++] ?? 0;
    let zigzag = byte & 0x7f;
    for (let shift = 7; byte > 0x7f; shift += 7) {
      byte = this.bytes[this.at++] ?? 0;
      zigzag |= (byte & 0x7f) << shift;
    }
    return (zigzag >>> 1) ^ -(zigzag & 1);
  }

  /** A number of 64 bits within ±2^52: times are. */
  long(): number {
    let byte = this.bytes[this.at++] ?? 0;
    let zigzag = byte & 0x7f;
    for (let weight = 128; byte > 0x7f; weight *= 128) {
      byte = this.bytes[this.at++] ?? 0;
      zigzag += (byte & 0x7f) * weight;
    }
    return zigzag % 2 === 0 ? zigzag / 2 : -(zigzag + 1) / 2;
  }

  /** Passes over a field of `length` bytes and returns where it begins; nulls have a length of -1. */
  pass(length: number): number {
    const start = this.at;
    if (length > 0) this.at += length;
    return start;
  }
}

/** Writes a number of 32 bits and returns the offset behind it: five bytes at most. */
export function writeVarint(target: Buffer, start: number, value: number): number {
  let rest = ((value << 1) ^ (value >> 31)) >>> 0;
  let at = start;
  for (; rest > 0x7f; rest >>>= 7) target[at++] = (rest & 0x7f) | 0x80;
  target[at++] = rest;
  return at;
}
