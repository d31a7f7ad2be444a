import type { CyclePosition } from './cycle-record.ts';

/** One settlement file as it was written, and as its cycle remembers it. */
export interface SettlementFileRecord {
  /** Relative to the folder of the settlement files. */
  readonly path: string;
  readonly participantType: string;
  readonly participantId: string;
  readonly currency: string;
  /** Detail records. */
  readonly details: number;
  /** Minor units; positive: the participant receives. */
  readonly netMinor: bigint;
  readonly bytes: number;
  /** Of the whole file, 64 lower-case hex digits. */
  readonly sha256: string;
}

/** Acquirers whose file is not worth their position, each in a sentence; there must be none. */
export function netDifferences(
  files: readonly SettlementFileRecord[],
  positions: readonly CyclePosition[],
): readonly string[] {
  const key = (of: { participantType: string; participantId: string; currency: string }): string =>
    `${of.participantType} ${of.participantId} ${of.currency}`;
  const due = new Map(positions.filter((of) => of.participantType === 'acquirer').map((of) => [key(of), of.netMinor]));
  const paid = new Map(files.filter((of) => of.participantType === 'acquirer').map((of) => [key(of), of.netMinor]));
  return [...new Set([...due.keys(), ...paid.keys()])]
    .filter((who) => (due.get(who) ?? 0n) !== (paid.get(who) ?? 0n))
    .map((who) => `${who}: position ${due.get(who) ?? 0n}, file ${paid.get(who) ?? 0n}`);
}
