import type { Database } from '@fourway/platform-postgres';
import { dayOfOperation } from './fact-of-outcome.ts';
import type { PostingPlan } from './plan-posting.ts';

const dayMs = 86_400_000;

/** Opens the cycles that a posting needs, and room for its facts; once a process for each cycle and day of operation ids. */
export class OpenCycles {
  readonly #database: Database;
  readonly #ready = new Map<string, Set<number>>();

  constructor(database: Database) {
    this.#database = database;
  }

  async ensureFor({ facts, moves }: PostingPlan): Promise<void> {
    const missing = new Map<string, Set<number>>();
    const need = (cycle: string): Set<number> => {
      const days = missing.get(cycle) ?? new Set();
      missing.set(cycle, days);
      return days;
    };
    for (const { fact, cycle } of facts) {
      const day = dayOfOperation(fact.operationId);
      if (this.#ready.get(cycle)?.has(day) !== true) need(cycle).add(day);
    }
    // A date without a payment is a cycle too.
    for (const { closes } of moves) if (closes !== null && !this.#ready.has(closes)) need(closes);
    for (const [cycle, days] of missing) await this.#ensure(cycle, days);
  }

  async #ensure(cycle: string, days: ReadonlySet<number>): Promise<void> {
    await this.#database.query({
      name: 'ensure-cycle',
      text: 'select ensure_cycle($1::date, $2::date[])',
      values: [cycle, [...days].map((day) => new Date(day * dayMs).toISOString().slice(0, 10))],
    });
    this.#ready.set(cycle, new Set([...(this.#ready.get(cycle) ?? []), ...days]));
  }
}
