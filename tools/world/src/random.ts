/** A 32-bit hash of (seed, stream, index): random access into an endless table of random numbers, no state kept. */
export function hash32(seed: number, stream: number, index: number): number {
  let h = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(stream + 1, 0xc2b2ae35);
  h = avalanche(h ^ Math.imul(index | 0, 0x27d4eb2f));
  // Indexes beyond 32 bits would otherwise repeat.
  return avalanche(h ^ Math.floor(index / 0x1_0000_0000));
}

/** The same table as fractions in [0, 1). */
export const unit = (seed: number, stream: number, index: number): number =>
  hash32(seed, stream, index) / 0x1_0000_0000;

function avalanche(input: number): number {
  let h = input;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** A sequence of random numbers that its seed alone decides (sfc32). */
export class RandomSequence {
  #a: number;
  #b: number;
  #c: number;
  #counter = 1;

  constructor(seed: number, stream: number) {
    this.#a = hash32(seed, stream, 0);
    this.#b = hash32(seed, stream, 1);
    this.#c = hash32(seed, stream, 2);
  }

  /** 32 random bits, as an unsigned integer. */
  bits(): number {
    const sum = (this.#a + this.#b + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + sum) | 0;
    return sum >>> 0;
  }

  /** A fraction in [0, 1). */
  fraction(): number {
    return this.bits() / 0x1_0000_0000;
  }

  /** An integer in [0, bound). */
  below(bound: number): number {
    return Math.floor(this.fraction() * bound);
  }

  /** A heavy-tailed rank in [0, bound): rank 0 comes most often; `skew` 1 is uniform. */
  rank(bound: number, skew: number): number {
    return Math.floor(this.fraction() ** skew * bound);
  }

  /** A draw from the log-normal distribution with this median. */
  logNormal(median: number, sigma: number): number {
    const radius = Math.sqrt(-2 * Math.log(1 - this.fraction()));
    return median * Math.exp(sigma * radius * Math.cos(2 * Math.PI * this.fraction()));
  }

  bytes(count: number): Uint8Array {
    const bytes = Buffer.allocUnsafe(Math.ceil(count / 4) * 4);
    for (let at = 0; at < bytes.length; at += 4) bytes.writeUInt32LE(this.bits(), at);
    return bytes.subarray(0, count);
  }
}

export interface Weighted {
  readonly weight: number;
}

/** Picks by weight with one fraction; the table is made once. */
export function weightedPicker<T extends Weighted>(items: readonly T[]): (fraction: number) => T {
  const total = items.reduce((sum, { weight }) => sum + weight, 0);
  const last = items.at(-1);
  if (last === undefined) throw new Error('broken invariant: nothing to pick from');
  let sum = 0;
  const bounds = items.map((item) => ({ item, upTo: (sum += item.weight) / total }));
  return (fraction) => bounds.find(({ upTo }) => fraction < upTo)?.item ?? last;
}

/** The item at `index`, counted around. */
export function cyclic<T>(items: readonly T[], index: number): T {
  const item = items[index % items.length];
  if (item === undefined) throw new Error('broken invariant: nothing to pick from');
  return item;
}
