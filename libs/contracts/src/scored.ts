import Long from 'long';
import protobuf from 'protobufjs';
import { RiskVerdict, type OperationScored } from './generated/wire.ts';
import { operationFromWire, operationToWire, type OperationRequest, type WireRequest } from './operation.ts';
import { schemaVersion, wireCodec } from './wire-codec.ts';

/** A request with the risk verdict on it: a record of payments.scored.v1. */
export interface ScoredOperation {
  readonly operation: OperationRequest;
  readonly verdict: 'accept' | 'decline';
  /** 0 (no risk seen) to 100. */
  readonly score: number;
  /** Codes of the rules that spoke, most severe first. */
  readonly reasons: readonly string[];
  /** True where a documented floor limit stood in for missing counters. */
  readonly degraded: boolean;
  readonly sourcePartition: number;
  readonly sourceOffset: bigint;
  /** Milliseconds since the Unix epoch. */
  readonly scoredAtMs: number;
}

const codec = wireCodec<Omit<OperationScored, 'operation'> & { operation: WireRequest }>('OperationScored');

/**
 * Reads a record of payments.scored.v1.
 * @throws SwitchError `undecodable`, `unknown_version`
 */
export function decodeOperationScored(bytes: Uint8Array): ScoredOperation {
  const wire = codec.decode(bytes);
  return {
    operation: operationFromWire(wire.operation),
    verdict: wire.verdict === RiskVerdict.RISK_VERDICT_ACCEPT ? 'accept' : 'decline',
    score: wire.score,
    reasons: wire.reasons,
    degraded: wire.degraded,
    sourcePartition: wire.sourcePartition,
    sourceOffset: wire.sourceOffset.toBigInt(),
    scoredAtMs: wire.scoredAtMs.toNumber(),
  };
}

/** Writes a record of payments.scored.v1. */
export const encodeOperationScored = (scored: ScoredOperation): Buffer =>
  codec.encode({
    schemaVersion,
    operation: operationToWire(scored.operation),
    verdict: scored.verdict === 'accept' ? RiskVerdict.RISK_VERDICT_ACCEPT : RiskVerdict.RISK_VERDICT_DECLINE,
    score: scored.score,
    reasons: [...scored.reasons],
    degraded: scored.degraded,
    sourcePartition: scored.sourcePartition,
    sourceOffset: Long.fromBigInt(scored.sourceOffset),
    scoredAtMs: Long.fromNumber(scored.scoredAtMs),
  });

/** Tags of OperationScored's fields: number << 3 | wire type. */
const tag = {
  schemaVersion: 8,
  operation: 18,
  verdict: 24,
  score: 32,
  reason: 42,
  degraded: 48,
  sourcePartition: 56,
  sourceOffset: 64,
  scoredAtMs: 72,
} as const;

/**
 * Writes a record of payments.scored.v1 around the request's own bytes: what this version does not know of the request is handed on
 * as it came, and nothing is encoded a second time.
 * @param request a record of payments.requested.v1 that `decodeOperationRequested` has read
 */
export function encodeScoredAround(request: Uint8Array, scoring: Omit<ScoredOperation, 'operation'>): Buffer {
  const writer = protobuf.Writer.create();
  writer.uint32(tag.schemaVersion).uint32(schemaVersion);
  writer.uint32(tag.operation).bytes(request);
  writer
    .uint32(tag.verdict)
    .uint32(scoring.verdict === 'accept' ? RiskVerdict.RISK_VERDICT_ACCEPT : RiskVerdict.RISK_VERDICT_DECLINE);
  writer.uint32(tag.score).uint32(scoring.score);
  for (const reason of scoring.reasons) writer.uint32(tag.reason).string(reason);
  writer.uint32(tag.degraded).bool(scoring.degraded);
  writer.uint32(tag.sourcePartition).int32(scoring.sourcePartition);
  writer.uint32(tag.sourceOffset).int64(Long.fromBigInt(scoring.sourceOffset));
  const bytes = writer.uint32(tag.scoredAtMs).int64(Long.fromNumber(scoring.scoredAtMs)).finish();
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
