/** A payment as counters see it. */
export interface CardPayment {
  readonly operationId: string;
  readonly cardToken: string;
  readonly amountMinor: bigint;
  readonly partition: number;
  readonly offset: bigint;
  /** The broker's time of the record: a window must not move with a requester's clock. */
  readonly recordedAtMs: number;
}
