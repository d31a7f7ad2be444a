import Long from 'long';
import type { FieldError } from '@fourway/kernel';
import type { OperationRefused } from './generated/wire.ts';
import type { OperationRequest } from './operation.ts';
import { schemaVersion, wireCodec } from './wire-codec.ts';

/** An answer that is no outcome and changes nothing: a record of payments.refused.v1. */
export interface Refusal extends FieldError {
  readonly eventId: string;
  readonly operationId: string;
  readonly merchantId: string;
  readonly upstreamId: string;
  readonly sourcePartition: number;
  readonly sourceOffset: bigint;
  /** Milliseconds since the Unix epoch. */
  readonly refusedAtMs: number;
  /** Milliseconds after which the same operation may be sent again; absent where that changes nothing. */
  readonly retryAfterMs?: number;
}

const codec = wireCodec<OperationRefused>('OperationRefused');

/** The refusal of a request, with what the sender needs to find and mend it. */
export const refusalOf = (
  request: OperationRequest,
  error: FieldError & Pick<Refusal, 'retryAfterMs'>,
  at: { sourcePartition: number; sourceOffset: bigint; refusedAtMs: number },
): Refusal => ({
  ...error,
  ...at,
  eventId: request.eventId,
  operationId: request.operationId,
  merchantId: request.merchantId,
  upstreamId: request.upstreamId,
});

/** Writes a record of payments.refused.v1. */
export const encodeRefusal = (refusal: Refusal): Buffer =>
  codec.encode({
    ...refusal,
    schemaVersion,
    sourceOffset: Long.fromBigInt(refusal.sourceOffset),
    refusedAtMs: Long.fromNumber(refusal.refusedAtMs),
  });

/**
 * Reads a record of payments.refused.v1.
 * @throws SwitchError `undecodable`, `unknown_version`
 */
export function decodeRefusal(bytes: Uint8Array): Refusal {
  const {
    eventId,
    operationId,
    merchantId,
    code,
    field,
    rule,
    remedy,
    upstreamId,
    sourcePartition,
    sourceOffset,
    refusedAtMs,
    retryAfterMs,
  } = codec.decode(bytes);
  return {
    ...{ eventId, operationId, merchantId, code, field, rule, remedy, upstreamId, sourcePartition },
    sourceOffset: sourceOffset.toBigInt(),
    refusedAtMs: refusedAtMs.toNumber(),
    ...(retryAfterMs === 0 ? {} : { retryAfterMs }),
  };
}
