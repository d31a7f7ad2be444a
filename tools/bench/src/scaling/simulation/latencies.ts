const mostMs = 600_000;
const binMs = 0.5;

/** Latencies by count, to half a millisecond up to ten minutes. */
export class Latencies {
  readonly #bins = new Uint32Array(mostMs / binMs + 1);
  #count = 0;

  add(ms: number, count: number): void {
    const bin = Math.min(this.#bins.length - 1, Math.floor(ms / binMs));
    this.#bins[bin] = (this.#bins[bin] ?? 0) + count;
    this.#count += count;
  }

  /** NaN where there is none. */
  percentile(part: number): number {
    if (this.#count === 0) return NaN;
    let left = Math.ceil(this.#count * part);
    for (let bin = 0; bin < this.#bins.length; bin += 1) {
      left -= this.#bins[bin] ?? 0;
      if (left <= 0) return (bin + 1) * binMs;
    }
    return mostMs;
  }
}
