import { readFileSync } from 'node:fs';
import { processTable, type ProcessGroups } from './process-table.ts';
import { treeOf } from './proc-stat.ts';

/** Resident memory of one process, in bytes. */
export interface ProcMemory {
  /** Its own. */
  readonly own: number;
  /** Mapped files and memory shared with others. */
  readonly mapped: number;
}

/** Parses /proc/PID/status; zeros for a process that ended. */
export function parseProcMemory(status: string): ProcMemory {
  const bytesOf = (name: string): number =>
    Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)?.[1] ?? 0) * 1_024;
  return { own: bytesOf('RssAnon'), mapped: bytesOf('RssFile') + bytesOf('RssShmem') };
}

/** What a group of processes occupies: each one's own memory, and once the most that one of them maps, since they map the same. */
export const memoryOfGroup = (members: readonly ProcMemory[]): number =>
  members.reduce((sum, { own }) => sum + own, 0) + Math.max(0, ...members.map(({ mapped }) => mapped));

/** Bytes of memory that each group occupies, descendants included. */
export function memoryOf(groups: ProcessGroups): Record<string, number> {
  const table = processTable();
  return Object.fromEntries(
    Object.entries(groups).map(([name, pids]) => [
      name,
      memoryOfGroup(pids.flatMap((pid) => treeOf(table, pid)).map(({ pid }) => parseProcMemory(statusOf(pid)))),
    ]),
  );
}

function statusOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/status`, 'utf8');
  } catch {
    return ''; // It ended in between.
  }
}
