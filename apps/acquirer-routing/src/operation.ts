import type { ScoredOperation } from '@fourway/contracts';
import type { StreamBatch, StreamRecord } from '@fourway/platform-stream';
import type { MerchantProfile, TokenRange } from '@fourway/routing';
import type { OnPayment } from './follow-up/on-payment.ts';

/** A record that asks for an operation, decoded, and the batch that must hear when its offset may pass. */
export interface Incoming {
  readonly record: StreamRecord;
  readonly batch: StreamBatch;
  readonly scored: ScoredOperation;
  /** 32 hex digits over the business fields. */
  readonly fingerprint: string;
}

/** What the directory says about a request. */
export interface Parties {
  readonly merchant: MerchantProfile;
  readonly issuer: TokenRange;
}

/** An operation with all that its outcome and its reversal need. */
export interface Attempt extends Parties {
  readonly scored: ScoredOperation;
  /** IIN; empty where no acquirer was chosen. */
  readonly acquirerId: string;
  readonly feeContractId: number;
  /** Present in an operation on a payment. */
  readonly onPayment?: OnPayment;
}

/** Every operation is tried once so far; a second acquirer would be attempt no. 2. */
export const firstAttemptNo = 1;
