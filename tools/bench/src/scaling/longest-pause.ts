/** How many there were at some time. */
export interface Reading {
  readonly atMs: number;
  readonly count: number;
}

/** The longest stretch over which a count did not grow, milliseconds. */
export function longestPauseMs(readings: readonly Reading[]): number {
  let longest = 0;
  let grown = readings[0];
  for (const reading of readings) {
    if (grown === undefined || reading.count === grown.count) continue;
    longest = Math.max(longest, reading.atMs - grown.atMs);
    grown = reading;
  }
  return Math.round(longest);
}
