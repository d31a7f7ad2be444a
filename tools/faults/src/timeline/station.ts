import type { Flight } from './flight.ts';

/** A process, or the switch as a whole, seen as a place that operations enter and leave; undefined: not yet. */
export interface Station {
  readonly entered: (flight: Flight) => number | undefined;
  readonly left: (flight: Flight) => number | undefined;
  /** True where a flight that left shows that this station works; default every one does. */
  readonly provesWork?: (flight: Flight) => boolean;
  /** What has been inside for longer is no longer held by the process but parked in Postgres. */
  readonly holdsAtMostMs?: number;
}

/** acquirer-routing parks what is undecided after a second. */
export const parkedAfterMs = 1_000;

export const wholeSwitch: Station = {
  entered: ({ requestedMs }) => requestedMs,
  left: ({ outcome }) => outcome?.atMs,
};

export const riskScoring: Station = {
  entered: ({ requestedMs }) => requestedMs,
  left: ({ scoredMs }) => scoredMs,
};

export const acquirerRouting: Station = {
  entered: ({ scoredMs }) => scoredMs,
  left: ({ outcome }) => outcome?.atMs,
  holdsAtMostMs: parkedAfterMs,
};

/** An acquirer host; which one was asked is known from the outcome. */
export const acquirerHost = (acquirerId: string): Station => ({
  entered: ({ scoredMs, outcome }) => (outcome?.acquirerId === acquirerId ? scoredMs : undefined),
  left: ({ outcome }) => outcome?.atMs,
  provesWork: ({ outcome }) => outcome?.acquirerId === acquirerId && outcome.status === 'approved',
  holdsAtMostMs: parkedAfterMs,
});
