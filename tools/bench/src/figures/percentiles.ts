export interface Percentiles {
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly p999: number;
}

/** Exact percentiles, to a tenth; NaN where there is no value. The value at a quantile is the first that so many lie below. */
export function percentilesOf(values: readonly number[]): Percentiles {
  const sorted = Float64Array.from(values).sort();
  const at = (quantile: number): number => {
    const index = Math.min(sorted.length - 1, Math.floor(sorted.length * quantile));
    return Math.round((sorted[index] ?? NaN) * 10) / 10;
  };
  return { p50: at(0.5), p90: at(0.9), p99: at(0.99), p999: at(0.999) };
}
