import type { CycleRecord, CyclePosition } from '@fourway/settlement-files';
import { grouped, tableOf } from '../print/table.ts';

/** A cycle for machines. */
export interface CycleReport {
  /** The business date it settles, `YYYY-MM-DD`. */
  readonly id: string;
  readonly state: string;
  readonly closedAt: string | null;
  readonly positions: readonly {
    readonly participant: string;
    readonly currency: string;
    /** Minor units; positive: the switch owes the participant. */
    readonly net: bigint;
  }[];
  readonly files: readonly {
    /** Relative to the folder of the settlement files. */
    readonly path: string;
    readonly sha256: string;
    /** Detail records. */
    readonly count: number;
    readonly currency: string;
    /** Minor units; positive: the participant receives. */
    readonly net: bigint;
  }[];
}

export const cycleReportOf = ({ cycleId, state, closedAtMs, positions, files }: CycleRecord): CycleReport => ({
  ...{ id: cycleId, state, closedAt: closedAtMs === null ? null : new Date(closedAtMs).toISOString() },
  positions: positions.map((position) => ({
    ...{ participant: participantOf(position), currency: position.currency, net: position.netMinor },
  })),
  files: files.map(({ path, sha256, details: count, currency, netMinor: net }) => ({
    ...{ path, sha256, count, currency, net },
  })),
});

const participantOf = ({ participantType, participantId }: CyclePosition): string =>
  participantType === 'network' ? participantType : `${participantType} ${participantId}`;

export function printCycle({ id, state, closedAt, positions, files }: CycleReport): string {
  const head = `cycle ${id} is ${state}${closedAt === null ? '' : `, closed ${closedAt}`}: ${grouped(positions.length)} positions, ${grouped(files.length)} files`;
  if (positions.length === 0) return head;
  const rows = positions.map(({ participant, currency, net }) => [participant, currency, grouped(net)]);
  return `${tableOf(['participant', 'currency', 'net (minor units)'], rows)}\n${head}`;
}

export function printFiles({ id, state, files }: CycleReport): string {
  if (files.length === 0) return `cycle ${id} is ${state} and has no files`;
  const rows = files.map(({ path, count, currency, net, sha256 }) => [
    ...[path, grouped(count), currency, grouped(net), sha256],
  ]);
  return `${tableOf(['file', 'details', 'currency', 'net (minor units)', 'SHA-256'], rows)}\ncycle ${id}: ${grouped(files.length)} files`;
}
