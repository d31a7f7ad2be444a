import Long from 'long';
import type { CycleClosed, Position as WirePosition, SettlementFile as WireSettlementFile } from './generated/wire.ts';
import { schemaVersion, wireCodec } from './wire-codec.ts';

/** One participant's net result of a cycle; minor units, positive: the switch owes the participant. */
export interface Position extends Omit<WirePosition, 'netMinor'> {
  readonly netMinor: bigint;
}

/** One file of a closed cycle. */
export interface SettlementFile extends Omit<WireSettlementFile, 'count' | 'netMinor'> {
  /** Detail records. */
  readonly count: number;
  /** Minor units; positive: the participant receives. */
  readonly netMinor: bigint;
}

/** A settlement cycle that never changes again: a record of settlement.cycles.v1. */
export interface ClosedCycle {
  /** The business date it settles, `YYYY-MM-DD`. */
  readonly cycleId: string;
  /** Milliseconds since the Unix epoch. */
  readonly closedAtMs: number;
  readonly positions: readonly Position[];
  readonly files: readonly SettlementFile[];
}

const codec = wireCodec<CycleClosed>('CycleClosed');

/** Writes a record of settlement.cycles.v1. */
export const encodeClosedCycle = ({ cycleId, closedAtMs, positions, files }: ClosedCycle): Buffer =>
  codec.encode({
    schemaVersion,
    cycleId,
    closedAtMs: Long.fromNumber(closedAtMs),
    positions: positions.map((position) => ({ ...position, netMinor: Long.fromBigInt(position.netMinor) })),
    files: files.map((file) => ({
      ...file,
      count: Long.fromNumber(file.count, true),
      netMinor: Long.fromBigInt(file.netMinor),
    })),
  });

/**
 * Reads a record of settlement.cycles.v1.
 * @throws SwitchError `undecodable`, `unknown_version`
 */
export function decodeClosedCycle(bytes: Uint8Array): ClosedCycle {
  const { cycleId, closedAtMs, positions, files } = codec.decode(bytes);
  return {
    cycleId,
    closedAtMs: closedAtMs.toNumber(),
    positions: positions.map(({ participantType, participantId, currency, netMinor }) => ({
      ...{ participantType, participantId, currency },
      netMinor: netMinor.toBigInt(),
    })),
    // Named one by one: a field of its default value is on the decoded message's prototype, where a spread does not see it.
    files: files.map(({ path, sha256, currency, count, netMinor }) => ({
      ...{ path, sha256, currency },
      count: count.toNumber(),
      netMinor: netMinor.toBigInt(),
    })),
  };
}
