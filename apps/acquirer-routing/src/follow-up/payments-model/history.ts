import type { OperationRequest } from '@fourway/contracts';
import type { Circumstances } from './judge-outcome.ts';
import type { Sums, Told } from './payment-rules.ts';

/** One record of a payment, in the order in which they were sent. */
export interface Arrival extends Circumstances {
  readonly request: OperationRequest;
  /** When it is sent: waves follow each other, what shares one goes out together. */
  readonly wave: number;
  /** Sent to another partition than its payment's, so that two replicas work on the payment at once, as around a rebalance. */
  readonly isStray: boolean;
}

/** A row of `outcome`. */
export interface DecidedRow extends Told {
  readonly sequence: number;
}

/** A copy of an outcome in its topic. */
export interface PublishedCopy {
  readonly partition: number;
  readonly offset: bigint;
  /** Hex. */
  readonly bytes: string;
  readonly outcome: DecidedRow;
}

/** A row of `payment_totals`. */
export interface TotalsSeen extends Sums {
  readonly reservedMinor: bigint;
  readonly inFlight: string | null;
  readonly sequence: number;
}

/** A line of the acquirer's book. */
export interface BookLine {
  readonly type: string;
  readonly operationId: string;
  readonly amountMinor: bigint;
  readonly status: string;
}

/** All that became of one payment, from every place where it can be seen. */
export interface PaymentHistory {
  readonly rootId: string;
  readonly arrivals: readonly Arrival[];
  readonly decided: readonly DecidedRow[];
  readonly published: readonly PublishedCopy[];
  /** The code of each refusal, by the event id of the refused record. */
  readonly refusals: ReadonlyMap<string, readonly string[]>;
  readonly totals: TotalsSeen | null;
  readonly book: readonly BookLine[];
}
