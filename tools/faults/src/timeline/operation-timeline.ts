import type { Flight, FlightOutcome } from './flight.ts';
import type { Station } from './station.ts';

/** A record appended in the last moment may not have reached its reader yet: it does not count as held. */
const handoverMs = 2;
/** Records of one moment come from several partitions, so the order of flights is right to this. */
const disorderMs = 10_000;
/** What was decided so long ago is at no station any more, for whoever asks about an instant of the last minutes. */
const pastMs = 180_000;
const sweepEveryMs = 10_000;

/** What the topics say about every operation of a run. */
export class OperationTimeline {
  #byId = new Map<string, Flight>();
  #flights: Flight[] = [];
  /** Those that can be at a station, or were a few minutes ago: questions come many times a second, and a run has a million flights. */
  #recent: Flight[] = [];
  #sweptMs = 0;
  readonly #nextOffsets = new Map<number, bigint>();
  #sinceMs = 0;

  requested(operationId: string, atMs: number): void {
    if (atMs < this.#sinceMs) return;
    this.#flight(operationId).requestedMs ??= atMs;
    this.#sweep(atMs);
  }

  scored(operationId: string, atMs: number): void {
    if (atMs >= this.#sinceMs) this.#flight(operationId).scoredMs ??= atMs;
  }

  decided(operationId: string, outcome: FlightOutcome): void {
    this.#nextOffsets.set(outcome.partition, outcome.offset + 1n);
    if (outcome.atMs < this.#sinceMs) return;
    this.#flight(operationId).outcome ??= outcome;
  }

  /** Forgets all that was before. */
  startAt(sinceMs: number): void {
    this.#sinceMs = sinceMs;
    this.#byId = new Map();
    this.#flights = [];
    this.#recent = [];
  }

  get count(): number {
    return this.#flights.length;
  }

  flightOf(operationId: string): Flight | undefined {
    return this.#byId.get(operationId);
  }

  /** The end of each outcomes partition, as far as it was read. */
  get outcomeOffsets(): ReadonlyMap<number, bigint> {
    return this.#nextOffsets;
  }

  /** How many undecided operations were inside the station at that instant, of the last three minutes. */
  heldBy(station: Station, atMs: number): number {
    let held = 0;
    for (const flight of this.#recent) if (isInside(station, flight, atMs)) held += 1;
    return held;
  }

  /** When the first operation left the station that was requested after that instant; undefined: none has yet. */
  resumedMs({ left, provesWork }: Station, afterMs: number): number | undefined {
    let first: number | undefined;
    for (const flight of this.#requestedAfter(afterMs)) {
      const leftMs = left(flight);
      if (leftMs === undefined || provesWork?.(flight) === false) continue;
      if (first === undefined || leftMs < first) first = leftMs;
    }
    return first;
  }

  /** Outcomes published by that instant, of the last three minutes, whose offsets the ledger has not passed. */
  unpostedAt(atMs: number, postedTo: ReadonlyMap<number, bigint>): number {
    return this.#recent.filter(({ outcome }) => {
      if (outcome === undefined || outcome.atMs > atMs - handoverMs) return false;
      return outcome.offset >= (postedTo.get(outcome.partition) ?? 0n);
    }).length;
  }

  /** True when an outcome published after that instant is below the ledger's offsets. */
  hasPostedSince(afterMs: number, postedTo: ReadonlyMap<number, bigint>): boolean {
    for (const { outcome } of this.#requestedAfter(afterMs - disorderMs)) {
      if (outcome === undefined || outcome.atMs <= afterMs) continue;
      if (outcome.offset < (postedTo.get(outcome.partition) ?? 0n)) return true;
    }
    return false;
  }

  /** True when an operation left the station between the two instants, of the last three minutes. */
  wasAtWork({ left }: Station, fromMs: number, toMs: number): boolean {
    return this.#recent.some((flight) => {
      const leftMs = left(flight);
      return leftMs !== undefined && leftMs >= fromMs && leftMs <= toMs;
    });
  }

  /** How many outcomes were published between the two instants. */
  decidedBetween(fromMs: number, toMs: number): number {
    return this.#flights.filter(({ outcome }) => outcome !== undefined && outcome.atMs >= fromMs && outcome.atMs < toMs)
      .length;
  }

  /** Times from request to outcome, milliseconds, of what was requested between the two instants and went to one of those acquirers. */
  latencies(
    fromMs: number,
    toMs: number,
    isOneOf: (acquirerId: string) => boolean,
  ): { readonly seconds: number; readonly values: readonly number[] } {
    const values = this.#flights.flatMap(({ requestedMs, outcome }) => {
      const isMeant = requestedMs !== undefined && requestedMs >= fromMs && requestedMs < toMs;
      return isMeant && outcome !== undefined && isOneOf(outcome.acquirerId) ? [outcome.atMs - requestedMs] : [];
    });
    return { seconds: (toMs - fromMs) / 1_000, values };
  }

  /** The longest time from the first request to the outcome, milliseconds. */
  longestUndecidedMs(): number {
    let longest = 0;
    for (const { requestedMs, outcome } of this.#flights) {
      if (requestedMs !== undefined && outcome !== undefined) longest = Math.max(longest, outcome.atMs - requestedMs);
    }
    return longest;
  }

  *#requestedAfter(afterMs: number): Generator<Flight> {
    for (let index = this.#flights.length - 1; index >= 0; index -= 1) {
      const flight = this.#flights[index];
      if (flight?.requestedMs === undefined) continue;
      if (flight.requestedMs < afterMs - disorderMs) return;
      if (flight.requestedMs > afterMs) yield flight;
    }
  }

  #flight(operationId: string): Flight {
    const known = this.#byId.get(operationId);
    if (known !== undefined) return known;
    const flight: Flight = { operationId, requestedMs: undefined, scoredMs: undefined, outcome: undefined };
    this.#byId.set(operationId, flight);
    this.#flights.push(flight);
    this.#recent.push(flight);
    return flight;
  }

  #sweep(nowMs: number): void {
    if (nowMs < this.#sweptMs + sweepEveryMs) return;
    this.#sweptMs = nowMs;
    this.#recent = this.#recent.filter(({ outcome }) => outcome === undefined || outcome.atMs > nowMs - pastMs);
  }
}

function isInside({ entered, left, holdsAtMostMs = Infinity }: Station, flight: Flight, atMs: number): boolean {
  const enteredMs = entered(flight);
  if (enteredMs === undefined || enteredMs > atMs - handoverMs || enteredMs < atMs - holdsAtMostMs) return false;
  const leftMs = left(flight);
  return leftMs === undefined || leftMs > atMs;
}
