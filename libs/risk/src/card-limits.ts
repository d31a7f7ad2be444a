/** What one card may ask for within the sliding hour. Hard: never floored, whatever is missing. */
export interface CardLimits {
  /** Payments. */
  readonly hourlyCount: number;
  /** Minor units. */
  readonly hourlySumMinor: bigint;
}

/** 20 payments and CNY 200,000.00 an hour. */
export const defaultCardLimits: CardLimits = { hourlyCount: 20, hourlySumMinor: 20_000_000n };

/** What one card asked for within the sliding hour, the payment in question included. Requests count, whatever became of them. */
export interface CardUse {
  readonly count: number;
  readonly sumMinor: bigint;
}

/** Length of one bucket of the sliding hour, milliseconds. */
export const bucketMs = 300_000;

/** Full buckets behind the running one: the window is one hour at its shortest and 65 minutes at its longest, never less. */
export const bucketsBehind = 12;

/** The number of the bucket that a time falls into. */
export const bucketOf = (atMs: number): number => Math.floor(atMs / bucketMs);
