/** What the rulebook must know of a requested operation. Nothing in it is trusted yet; empty text and 0 mean "not given". */
export interface RequestedOperation {
  readonly eventId: string;
  readonly operationId: string;
  readonly rootId: string;
  /** Null: no kind of operation that this version knows. */
  readonly kind: string | null;
  readonly merchantId: string;
  readonly terminalId: string;
  readonly merchantOrderNo: string;
  readonly amountMinor: bigint;
  readonly currency: string;
  readonly cardToken: string;
  readonly presentment: string | null;
  /** Milliseconds since the Unix epoch. */
  readonly requestedAtMs: number;
  /** Milliseconds since the Unix epoch; 0 leaves it to the network. */
  readonly expiresAtMs: number;
  readonly upstreamId: string;
  /** The capture or refund that a void or reversal undoes; absent or empty: the root. */
  readonly originalOperationId?: string;
}

/** How long an operation may stay undecided when its requester names no expiry, milliseconds. */
export const defaultExpiryMs = 60_000;

/** When the operation expires, milliseconds since the Unix epoch. */
export const effectiveExpiryMs = ({
  requestedAtMs,
  expiresAtMs,
}: Pick<RequestedOperation, 'requestedAtMs' | 'expiresAtMs'>): number =>
  expiresAtMs === 0 ? requestedAtMs + defaultExpiryMs : expiresAtMs;
