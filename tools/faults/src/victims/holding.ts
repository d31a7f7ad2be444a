import type { Lab } from '../lab/lab.ts';
import { acquirerRouting, parkedAfterMs, type Station } from '../timeline/station.ts';

/** How to tell what a process held when it was killed. */
export interface Holding {
  /** What kind of work a kill hits. */
  readonly holds: 'undecided payments' | 'outcomes not yet posted';
  /** True when a kill now would probably hit a payment. */
  readonly isBusy: (lab: Lab) => boolean | Promise<boolean>;
  /** Called straight after the kill. */
  readonly witness: (lab: Lab, killedMs: number) => Promise<Witness>;
}

/** What is known about one kill; it becomes exact once all answers are there. */
export interface Witness {
  readonly held: () => number;
  /** When work that came after the kill got through, milliseconds since the Unix epoch; undefined: not yet. */
  readonly resumedMs: () => Promise<number | undefined>;
}

/** A process that let nothing through for so long was not at work. */
const atWorkMs = 1_000;

/** Told from the topics: what had entered the station and had not left it. */
export function at(station: Station): Holding {
  return {
    holds: 'undecided payments',
    isBusy: ({ timeline }) => timeline.heldBy(station, Date.now()) > 0,
    witness: ({ timeline }, killedMs) =>
      Promise.resolve({
        // Of a process that had not begun to work, what waits in front of it is not held by it.
        held: () =>
          timeline.wasAtWork(station, killedMs - atWorkMs, killedMs) ? timeline.heldBy(station, killedMs) : 0,
        resumedMs: () => Promise.resolve(timeline.resumedMs(station, killedMs)),
      }),
  };
}

/** acquirer-routing alone writes claims and outcomes, so while it is down its claims without an outcome are what it held. */
export const atRouting: Holding = {
  holds: 'undecided payments',
  isBusy: async ({ database }) => (await database.undecidedClaims({ atMs: Date.now(), withinMs: parkedAfterMs })) > 0,
  witness: async ({ timeline, database }, killedMs) => {
    const held = await database.undecidedClaims({ atMs: killedMs, withinMs: parkedAfterMs });
    return { held: () => held, resumedMs: () => Promise.resolve(timeline.resumedMs(acquirerRouting, killedMs)) };
  },
};

/** What settlement holds is decided already and not posted: its offsets in Postgres, read while it is down, tell. */
export const atLedger: Holding = {
  holds: 'outcomes not yet posted',
  isBusy: async ({ timeline, database }) => timeline.unpostedAt(Date.now(), await database.postedOffsets()) > 0,
  witness: async ({ timeline, database }, killedMs) => {
    const postedTo = await database.postedOffsets();
    return {
      held: () => timeline.unpostedAt(killedMs, postedTo),
      resumedMs: async () =>
        timeline.hasPostedSince(killedMs, await database.postedOffsets()) ? Date.now() : undefined,
    };
  },
};
