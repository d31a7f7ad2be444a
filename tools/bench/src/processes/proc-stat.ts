/** What /proc/PID/stat says of a process, in clock ticks of 10 ms. */
export interface ProcStat {
  readonly pid: number;
  readonly comm: string;
  readonly parent: number;
  /** User and system time of its own threads. */
  readonly ownTicks: number;
  /** The same of its children that ended and were waited for. */
  readonly endedChildrenTicks: number;
}

/** Parses one line; the name may contain blanks and brackets, so fields count from the last bracket. */
export function parseProcStat(line: string): ProcStat {
  const open = line.indexOf('(');
  const close = line.lastIndexOf(')');
  const fields = line.slice(close + 2).split(' ');
  const field = (index: number): number => Number(fields[index]);
  return {
    pid: Number(line.slice(0, open)),
    comm: line.slice(open + 1, close),
    parent: field(1),
    ownTicks: field(11) + field(12),
    endedChildrenTicks: field(13) + field(14),
  };
}

/** A process with all its descendants; empty for one that is not there. */
export function treeOf(processes: readonly ProcStat[], pid: number): ProcStat[] {
  const root = processes.find((process) => process.pid === pid);
  if (root === undefined) return [];
  return [root, ...processes.filter(({ parent }) => parent === pid).flatMap((child) => treeOf(processes, child.pid))];
}

/** Ticks of a process with all its descendants, also those that ended; 0 for one that is not there. */
export const treeTicks = (processes: readonly ProcStat[], pid: number): number =>
  treeOf(processes, pid).reduce((sum, { ownTicks, endedChildrenTicks }) => sum + ownTicks + endedChildrenTicks, 0);
