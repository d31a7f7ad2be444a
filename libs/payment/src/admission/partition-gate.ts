import { uuidV7Ms } from '@fourway/kernel';
import { LetThrough, rememberedForMs } from './let-through.ts';
import { OfferedSales } from './offered-sales.ts';
import type { Quotas } from './quotas.ts';

/** Whom new payments are refused for load, and when. */
export interface LoadPolicy {
  /** New payments a second, over all partitions, by upstream. */
  readonly quotas: Quotas;
  readonly partitions: number;
  /** Milliseconds a new payment may have waited when its turn comes; null: any time. */
  readonly shedAfterMs: number | null;
}

/** A sale or an authorization, where it stands in the log. */
export interface OfferedPayment {
  readonly operationId: string;
  readonly upstreamId: string;
  readonly offset: bigint;
  /** When the broker appended it, milliseconds since the Unix epoch. */
  readonly recordedAtMs: number;
}

/** The switch at the moment of judging. */
export interface Load {
  /** Milliseconds since the Unix epoch. */
  readonly nowMs: number;
  /** True where what was let through before waits too long further down. */
  readonly isPathBehind: boolean;
}

/** From when on this gate, and nobody else, has judged the records of its partition. */
export interface TakenOver {
  /** Where the log ended. */
  readonly logEnd: bigint;
  /** Milliseconds since the Unix epoch. */
  readonly atMs: number;
}

const mostRememberedMs = 2 * rememberedForMs;

export type LoadVerdict = 'admit' | 'quota_exceeded' | 'overloaded';

/**
 * Judges the new payments of one partition, in the order of its log, for as long as one process reads it. What it, or whoever read the
 * partition before, may have let through is let through again, whatever the load: it may be claimed. Operations on payments are not
 * its business: they are never refused for load.
 */
export class PartitionGate {
  readonly #policy: LoadPolicy;
  readonly #takenOver: TakenOver;
  readonly #offered: OfferedSales;
  readonly #letThrough = new LetThrough();
  /** Of records whose refusal is not acknowledged yet: a batch that failed comes again and is told the same. */
  readonly #refused = new Map<bigint, LoadVerdict>();
  #judgedTo = -1n;

  constructor(policy: LoadPolicy, takenOver: TakenOver) {
    this.#policy = policy;
    this.#takenOver = takenOver;
    this.#offered = new OfferedSales(policy.quotas, policy.partitions);
  }

  judge(payment: OfferedPayment, load: Load): LoadVerdict {
    const { offset, operationId, upstreamId, recordedAtMs } = payment;
    if (offset <= this.#judgedTo) return this.#refused.get(offset) ?? 'admit';
    this.#judgedTo = offset;
    const isWithinQuota = this.#offered.isWithinQuota(upstreamId, recordedAtMs);
    const verdict = this.#verdictOn(payment, isWithinQuota, load);
    if (verdict !== 'admit') this.#refused.set(offset, verdict);
    else if (this.#mayRefuse(upstreamId)) this.#letThrough.add(operationId, recordedAtMs);
    return verdict;
  }

  /** The refusal of this record is acknowledged. */
  settled(offset: bigint): void {
    this.#refused.delete(offset);
  }

  #verdictOn(payment: OfferedPayment, isWithinQuota: boolean, load: Load): LoadVerdict {
    const isLate = this.#isLate(payment, load);
    if (isWithinQuota && !isLate) return 'admit';
    if (this.#wasLetThrough(payment)) return 'admit';
    return isWithinQuota ? 'overloaded' : 'quota_exceeded';
  }

  /** What stood in the log at the takeover may have been let through in time, and be claimed. */
  #isLate({ offset, recordedAtMs }: OfferedPayment, { nowMs, isPathBehind }: Load): boolean {
    const { shedAfterMs } = this.#policy;
    if (shedAfterMs === null || offset < this.#takenOver.logEnd) return false;
    return isPathBehind || nowMs - recordedAtMs > shedAfterMs;
  }

  /** Of what the predecessor let through nothing is known but that its ids are from before the takeover, however long. */
  #wasLetThrough({ operationId, recordedAtMs }: OfferedPayment): boolean {
    if (this.#letThrough.has(operationId, recordedAtMs)) return true;
    const sinceTakeoverMs = recordedAtMs - this.#takenOver.atMs;
    return sinceTakeoverMs < mostRememberedMs && uuidV7Ms(operationId) < this.#takenOver.atMs;
  }

  #mayRefuse(upstreamId: string): boolean {
    return this.#policy.shedAfterMs !== null || this.#policy.quotas.has(upstreamId);
  }
}
