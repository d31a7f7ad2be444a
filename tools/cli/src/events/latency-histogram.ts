const precision = Math.log(1.01);
const lowestMs = 0.05;

/** Latencies in buckets one per cent wide: any number of them in a few kilobytes. */
export class LatencyHistogram {
  readonly #counts: number[] = [];
  #total = 0;

  add(latencyMs: number): void {
    const bucket = latencyMs <= lowestMs ? 0 : Math.ceil(Math.log(latencyMs / lowestMs) / precision);
    this.#counts[bucket] = (this.#counts[bucket] ?? 0) + 1;
    this.#total += 1;
  }

  get count(): number {
    return this.#total;
  }

  /** The latency that this fraction of all stayed below, in milliseconds; 0 when there is none. */
  quantile(fraction: number): number {
    let seen = 0;
    for (let bucket = 0; bucket < this.#counts.length; bucket += 1) {
      seen += this.#counts[bucket] ?? 0;
      if (seen > 0 && seen >= this.#total * fraction)
        return Math.round(lowestMs * Math.exp(bucket * precision) * 100) / 100;
    }
    return 0;
  }
}
