/** From a request to its outcome, milliseconds. */
export interface Latency {
  readonly count: number;
  readonly p50: number;
  readonly p99: number;
}

export function latencyOf(values: readonly number[]): Latency {
  const sorted = values.toSorted((a, b) => a - b);
  const quantile = (q: number): number => Math.round(sorted[Math.floor(q * (sorted.length - 1))] ?? 0);
  return { count: sorted.length, p50: quantile(0.5), p99: quantile(0.99) };
}
