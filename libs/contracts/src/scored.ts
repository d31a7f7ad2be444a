import Long from 'long';
import { RiskVerdict, type OperationScored } from './generated/wire.ts';
import { operationFromWire, operationToWire, type OperationRequest } from './operation.ts';
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

const codec = wireCodec<OperationScored>('OperationScored');

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
