import { readdirSync, readFileSync } from 'node:fs';
import { parseProcStat, treeTicks, type ProcStat } from './proc-stat.ts';

const microsPerTick = 10_000;

/** Every process of the machine; empty where there is no /proc. */
export function processTable(): ProcStat[] {
  return pids().flatMap((pid) => {
    try {
      return [parseProcStat(readFileSync(`/proc/${pid}/stat`, 'utf8'))];
    } catch {
      return []; // It ended in between.
    }
  });
}

function pids(): string[] {
  try {
    return readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  } catch {
    return [];
  }
}

/** Process ids by the name under which they are reported; several may share one. */
export type ProcessGroups = Readonly<Record<string, readonly number[]>>;

/** Microseconds of CPU that each group has used since its processes started. */
export function cpuMicrosOf(groups: ProcessGroups): Record<string, number> {
  const table = processTable();
  return Object.fromEntries(
    Object.entries(groups).map(([name, members]) => [
      name,
      members.reduce((sum, pid) => sum + treeTicks(table, pid), 0) * microsPerTick,
    ]),
  );
}

/** Microseconds per payment between two readings, to a tenth, with their total. */
export function cpuPerPayment(
  before: Readonly<Record<string, number>>,
  after: Readonly<Record<string, number>>,
  payments: number,
): Record<string, number> {
  const spent = Object.entries(after).map(([name, micros]): [string, number] => [name, micros - (before[name] ?? 0)]);
  const total = spent.reduce((sum, [, micros]) => sum + micros, 0);
  const each = (micros: number): number => Math.round((micros / payments) * 10) / 10;
  return Object.fromEntries([...spent, ['total', total] as const].map(([name, micros]) => [name, each(micros)]));
}
