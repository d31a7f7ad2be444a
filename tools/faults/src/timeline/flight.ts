import type { OutcomeStatusName } from '@fourway/contracts';

/** When one operation passed each topic, by the broker's clock: what was where at any instant can be told afterwards, exactly. */
export interface Flight {
  readonly operationId: string;
  /** Milliseconds since the Unix epoch, of the first record of it; the same below. */
  requestedMs: number | undefined;
  scoredMs: number | undefined;
  outcome: FlightOutcome | undefined;
}

export interface FlightOutcome {
  readonly atMs: number;
  readonly status: OutcomeStatusName;
  /** Empty where none was asked. */
  readonly acquirerId: string;
  readonly partition: number;
  readonly offset: bigint;
}
