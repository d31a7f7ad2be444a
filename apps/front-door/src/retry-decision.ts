/** How one try at one replica went wrong. */
export interface FailedTry {
  /** False only where not one byte of the request can have left: the connection was refused. */
  readonly mayHaveArrived: boolean;
  /** Whether the client has part of the answer already. */
  readonly answerBegun: boolean;
}

export interface RequestTraits {
  readonly method: string;
  readonly hasIdempotencyKey: boolean;
  /** False for a streamed body: what was read of it is gone. */
  readonly canReplayBody: boolean;
}

/** Every try may meet a replica that is just leaving; more than this many is no coincidence. */
export const triesMax = 3;

const safeMethods: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Whether a request may be sent once more. What may have reached a replica is repeated only where a second one changes nothing:
 * safe methods (RFC 9110 §9.2.1), and requests with an `Idempotency-Key`, which our services answer alike however often they come.
 */
export function mayRetry(failed: FailedTry, request: RequestTraits, tries: number): boolean {
  if (failed.answerBegun || !request.canReplayBody || tries >= triesMax) return false;
  return !failed.mayHaveArrived || safeMethods.has(request.method) || request.hasIdempotencyKey;
}
