import type { StackDescription } from '@fourway/stack';
import type { ProcStat } from '../processes/proc-stat.ts';
import { processTable, type ProcessGroups } from '../processes/process-table.ts';

/** How the engines' names begin in the process table: a pinned Redis has its version behind. */
const comms = { kafka: 'java', postgres: 'postgres', redis: 'redis-server' } as const;

/** The engines that this process started: its own children. An engine from the environment is not among them. */
export function ownEngines(): ProcessGroups {
  const children = processTable().filter(({ parent }) => parent === process.pid);
  return groupsOf((comm) => children.filter((child) => child.comm.startsWith(comm)).map(({ pid }) => pid));
}

export function enginesOf({ engines }: StackDescription): ProcessGroups {
  const pids = Object.entries(engines).flatMap(([name, { pid }]) => (pid === null ? [] : [[name, [pid]] as const]));
  return Object.fromEntries(pids);
}

/** Engines of others on this machine, which the yardstick would take for its own. */
export function strangeEngines(ours: ProcessGroups): number {
  const table = processTable();
  const known = new Set(Object.values(ours).flat());
  const isEngine = ({ comm }: ProcStat): boolean => Object.values(comms).some((name) => comm.startsWith(name));
  // Postgres' own children are no further engines.
  const engines = table.filter(isEngine);
  const pids = new Set(engines.map(({ pid }) => pid));
  return engines.filter(({ pid, parent }) => !known.has(pid) && !pids.has(parent)).length;
}

function groupsOf(pidsOf: (comm: string) => number[]): ProcessGroups {
  const groups = Object.entries(comms).map(([name, comm]) => [name, pidsOf(comm)] as const);
  return Object.fromEntries(groups.filter(([, pids]) => pids.length > 0));
}

/** The yardstick finds engines by their exact names; a Redis of another name is missing in its CPU. */
export function misnamedRedis({ redis = [] }: ProcessGroups): boolean {
  return processTable().some(({ pid, comm }) => redis.includes(pid) && comm !== comms.redis);
}
