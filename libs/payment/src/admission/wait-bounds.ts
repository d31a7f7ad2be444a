/** How long an operation may wait at each stage of the path before new payments are refused, milliseconds. */
export interface WaitBounds {
  readonly scoringMs: number;
  readonly routingMs: number;
}

/**
 * Waits add up, and under overload each stage stands at its bound. Scoring, which refuses, gets half of what routing may take: routing
 * waits for acquirers, and holds an offset until it has parked what they do not answer.
 */
export const waitBoundsOf = (shedAfterMs: number): WaitBounds => ({
  scoringMs: shedAfterMs / 2,
  routingMs: shedAfterMs,
});
