/** How many rows were there at some time. */
export interface ProgressSample {
  /** Milliseconds since the Unix epoch. */
  readonly atMs: number;
  readonly rows: number;
}

export interface ProgressRates {
  readonly seconds: number;
  /** From the first request to the last row. */
  readonly perSecond: number;
  /** Between 20 % and 90 % of the rows: without starting and running out. */
  readonly perSecondInTheMiddle: number;
  readonly perSecondByTenth: readonly number[];
}

/** Rates of a run of `total` rows from samples in order of time; the first has no rows, the last has all. */
export function ratesOf(samples: readonly ProgressSample[], total: number): ProgressRates {
  const startMs = timeOf(samples, 0);
  const endMs = timeOf(samples, total);
  const rate = (from: number, to: number): number => {
    const ms = timeOf(samples, total * to) - timeOf(samples, total * from);
    return Math.round((total * (to - from) * 1_000) / ms);
  };
  return {
    seconds: Math.round(endMs - startMs) / 1_000,
    perSecond: Math.round((total * 1_000) / (endMs - startMs)),
    perSecondInTheMiddle: rate(0.2, 0.9),
    perSecondByTenth: Array.from({ length: 10 }, (_, tenth) => rate(tenth / 10, (tenth + 1) / 10)),
  };
}

/** When so many rows were there, taken to grow evenly between two samples. */
function timeOf(samples: readonly ProgressSample[], rows: number): number {
  let before = samples[0];
  for (const sample of samples) {
    if (sample.rows >= rows) {
      if (before === undefined || sample.rows === before.rows) return sample.atMs;
      return before.atMs + ((sample.atMs - before.atMs) * (rows - before.rows)) / (sample.rows - before.rows);
    }
    before = sample;
  }
  return NaN;
}
