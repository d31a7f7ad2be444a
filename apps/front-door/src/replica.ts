import type { Pool } from 'undici';

/**
 * What a replica may be given, by its own word (`/readyz`) and by what connections to it showed. `ready`: requests. `unready`: requests
 * that would otherwise find nobody; it runs and is not leaving, but a part of it is behind, as all are for a moment while Kafka's
 * groups rebalance because one of them restarts. `out`: nothing, it is leaving or cannot be reached.
 */
export type Standing = 'ready' | 'unready' | 'out';

/** One process of a service, as the front door knows it. */
export interface Replica {
  readonly service: string;
  readonly url: string;
  readonly pool: Pool;
  standing: Standing;
  /** Requests it has not answered yet. */
  inFlight: number;
}

/** A replica that answers this many at once is not given more. */
export const inFlightMax = 2_048;

type Eligible = Pick<Replica, 'standing' | 'inFlight'>;

/**
 * The ready replica, or else unready one, with the least open requests, so that a stalled one gets ever fewer; among equals, in turn.
 * Those tried before come only when there is no other.
 */
export function chooseReplica<T extends Eligible>(
  replicas: readonly T[],
  { tried, turn }: { tried: ReadonlySet<T>; turn: number },
): T | undefined {
  let chosen: T | undefined;
  for (let i = 0; i < replicas.length; i++) {
    const replica = replicas[(turn + i) % replicas.length];
    if (replica === undefined || replica.standing === 'out' || replica.inFlight >= inFlightMax) continue;
    if (chosen === undefined || isBetter(replica, chosen, tried)) chosen = replica;
  }
  return chosen;
}

function isBetter<T extends Eligible>(one: T, other: T, tried: ReadonlySet<T>): boolean {
  if (one.standing !== other.standing) return one.standing === 'ready';
  if (tried.has(one) !== tried.has(other)) return tried.has(other);
  return one.inFlight < other.inFlight;
}
