import { hash } from 'node:crypto';
import Long from 'long';
import { OperationKind, Presentment, type OperationRequested } from './generated/wire.ts';
import { encodeBusinessFields, schemaVersion, wireCodec } from './wire-codec.ts';

export const operationKinds = ['sale', 'authorize', 'capture', 'void', 'refund', 'reversal'] as const;
export type OperationKindName = (typeof operationKinds)[number];
export type PresentmentName = 'merchant' | 'consumer';

/** What an upstream asks for: OperationRequested as plain values. Nothing in it is validated yet. */
export interface OperationRequest {
  readonly eventId: string;
  readonly operationId: string;
  readonly rootId: string;
  /** Null where the record names no kind that this version knows. */
  readonly kind: OperationKindName | null;
  readonly merchantId: string;
  readonly terminalId: string;
  readonly merchantOrderNo: string;
  readonly amountMinor: bigint;
  readonly currency: string;
  readonly cardToken: string;
  readonly presentment: PresentmentName | null;
  /** Milliseconds since the Unix epoch. */
  readonly requestedAtMs: number;
  /** Milliseconds since the Unix epoch; 0 where the upstream left it to the network. */
  readonly expiresAtMs: number;
  readonly upstreamId: string;
  /** The capture or refund that a void or reversal undoes; absent where it undoes the root. */
  readonly originalOperationId?: string;
}

const codec = wireCodec<OperationRequested>('OperationRequested');
const kindOf = new Map<number, OperationKindName>(operationKinds.map((name, i) => [i + 1, name]));
const kindNumber = new Map(operationKinds.map((name, i) => [name, (i + 1) as OperationKind]));

/**
 * Reads a record of payments.requested.v1.
 * @throws SwitchError `undecodable`, `unknown_version`
 */
export const decodeOperationRequested = (bytes: Uint8Array): OperationRequest => operationFromWire(codec.decode(bytes));

/** Writes a record of payments.requested.v1. */
export const encodeOperationRequested = (request: OperationRequest): Buffer => codec.encode(operationToWire(request));

/** @internal As it is written: without a field that is empty in nearly all of them. */
export type WireRequest = Omit<OperationRequested, 'originalOperationId'> & { originalOperationId?: string };

/** @internal */
export function operationFromWire(wire: WireRequest): OperationRequest {
  const request: OperationRequest = {
    eventId: wire.eventId,
    operationId: wire.operationId,
    rootId: wire.rootId,
    kind: kindOf.get(wire.kind) ?? null,
    merchantId: wire.merchantId,
    terminalId: wire.terminalId,
    merchantOrderNo: wire.merchantOrderNo,
    amountMinor: wire.amountMinor.toBigInt(),
    currency: wire.currency,
    cardToken: wire.cardToken,
    presentment: presentmentOf(wire.presentment),
    requestedAtMs: wire.requestedAtMs.toNumber(),
    expiresAtMs: wire.expiresAtMs.toNumber(),
    upstreamId: wire.upstreamId,
  };
  const { originalOperationId = '' } = wire;
  return originalOperationId === '' ? request : { ...request, originalOperationId };
}

/** @internal */
export function operationToWire(request: OperationRequest): WireRequest {
  const wire: WireRequest = {
    schemaVersion,
    eventId: request.eventId,
    operationId: request.operationId,
    rootId: request.rootId,
    kind:
      request.kind === null
        ? OperationKind.OPERATION_KIND_UNSPECIFIED
        : (kindNumber.get(request.kind) ?? OperationKind.OPERATION_KIND_UNSPECIFIED),
    merchantId: request.merchantId,
    terminalId: request.terminalId,
    merchantOrderNo: request.merchantOrderNo,
    amountMinor: Long.fromBigInt(request.amountMinor),
    currency: request.currency,
    cardToken: request.cardToken,
    presentment: presentmentNumber(request.presentment),
    requestedAtMs: Long.fromNumber(request.requestedAtMs),
    expiresAtMs: Long.fromNumber(request.expiresAtMs),
    upstreamId: request.upstreamId,
  };
  // Not written where it is empty: the fingerprints of all other requests stay what they were before there was this field.
  if (request.originalOperationId !== undefined) wire.originalOperationId = request.originalOperationId;
  return wire;
}

/**
 * The first 128 bits of SHA-256 over the business fields, as 32 hex digits: same id and same fingerprint is the same request.
 * 128 bits, because a collision helps nobody but the one upstream that made it, against itself.
 */
export const fingerprintOf = (request: OperationRequest): string =>
  hash('sha256', encodeBusinessFields(operationToWire(request))).slice(0, 32);

function presentmentOf(value: Presentment): PresentmentName | null {
  if (value === Presentment.PRESENTMENT_MERCHANT) return 'merchant';
  return value === Presentment.PRESENTMENT_CONSUMER ? 'consumer' : null;
}

function presentmentNumber(name: PresentmentName | null): Presentment {
  if (name === 'merchant') return Presentment.PRESENTMENT_MERCHANT;
  return name === 'consumer' ? Presentment.PRESENTMENT_CONSUMER : Presentment.PRESENTMENT_UNSPECIFIED;
}
