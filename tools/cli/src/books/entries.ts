import type { OutcomeStatusName } from '@fourway/contracts';

/** What a book says about one operation. */
export interface OutcomeEntry {
  readonly operationId: string;
  readonly amountMinor: bigint;
  readonly currency: string;
  readonly status: OutcomeStatusName | (string & {});
  readonly responseCode: string;
  /** Empty where no acquirer was chosen. */
  readonly acquirerId: string;
  /** Empty where nothing was sent. */
  readonly rrn: string;
  /** Empty in a book that does not say. */
  readonly kind: string;
}

/** One line of an acquirer's own book. */
export interface AcquirerEntry {
  readonly operationId: string;
  readonly acquirerId: string;
  /** `reversal`, or the kind of the request. */
  readonly kind: string;
  readonly rrn: string;
  readonly amountMinor: bigint;
  readonly currency: string;
  /** DE39 as the acquirer answered. */
  readonly responseCode: string;
  /** What it did; `tombstone`: a reversal without its sale, which declines the sale should it come. */
  readonly status: 'approved' | 'declined' | 'reversed' | 'tombstone' | (string & {});
}

/** A reversal on our work list. */
export interface ReversalEntry {
  readonly operationId: string;
  readonly acquirerId: string;
  readonly rrn: string;
  readonly amountMinor: bigint;
  readonly state: 'pending' | 'acknowledged' | (string & {});
  readonly ageMs: number;
  /** `requested` where an upstream asked for it. */
  readonly reason: string;
}

/** A posting of the ledger. */
export interface FactEntry {
  readonly operationId: string;
  readonly amountMinor: bigint;
}

/** Everything the books say about one operation. */
export interface OperationBooks {
  readonly ours: readonly OutcomeEntry[];
  /** True where we hold a claim and no outcome. */
  readonly isUndecided: boolean;
  readonly reversals: readonly ReversalEntry[];
  readonly acquirers: readonly AcquirerEntry[];
  readonly upstream: readonly OutcomeEntry[];
  readonly facts: readonly FactEntry[];
}
