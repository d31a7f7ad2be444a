import { cpuMicrosOf, type ProcessGroups } from './process-table.ts';

/** How evenly the replicas of a service work, from here to `now`. */
export class ReplicaShares {
  readonly #groups: ProcessGroups;
  readonly #before: Readonly<Record<string, number>>;

  constructor(groups: ProcessGroups) {
    this.#groups = Object.fromEntries(Object.entries(groups).filter(([, pids]) => pids.length > 1));
    this.#before = cpuMicrosOf(perReplica(this.#groups));
  }

  /** Each replica's part of its service's CPU, of services with several. */
  now(): Record<string, number[]> {
    const after = cpuMicrosOf(perReplica(this.#groups));
    return Object.fromEntries(
      Object.entries(this.#groups).map(([name, pids]) => {
        const spent = pids.map((pid) => (after[String(pid)] ?? 0) - (this.#before[String(pid)] ?? 0));
        return [name, partsOf(spent)];
      }),
    );
  }
}

/** Parts of a sum, to three digits. */
export function partsOf(values: readonly number[]): number[] {
  const sum = values.reduce((total, value) => total + value, 0);
  return values.map((value) => (sum === 0 ? 0 : Math.round((value / sum) * 1_000) / 1_000));
}

const perReplica = (groups: ProcessGroups): ProcessGroups =>
  Object.fromEntries(
    Object.values(groups)
      .flat()
      .map((pid) => [String(pid), [pid]]),
  );
