import type { Clock } from '@fourway/kernel';
import type { Database } from '@fourway/platform-postgres';

const dayMs = 86_400_000;
const daysAhead = 2;
const checkEveryMs = 3_600_000;

/** Day partitions of the facts, by operation id: made ahead by the clock, and for an older id when it turns up. */
export class FactPartitions {
  readonly #database: Database;
  readonly #clock: Clock;
  readonly #ready = new Set<number>();
  #timer: NodeJS.Timeout | undefined;

  constructor(database: Database, clock: Clock) {
    this.#database = database;
    this.#clock = clock;
  }

  /** @param days since 1970, UTC */
  async ensure(days: Iterable<number>): Promise<void> {
    for (const day of new Set(days)) {
      if (this.#ready.has(day)) continue;
      const date = new Date(day * dayMs).toISOString().slice(0, 10);
      await this.#database.query({
        name: 'fact-partition',
        text: 'select ensure_fact_partition($1::date)',
        values: [date],
      });
      this.#ready.add(day);
    }
  }

  /** Yesterday's to the day after tomorrow's. */
  async ensureAhead(): Promise<void> {
    const today = Math.floor(this.#clock.nowMs() / dayMs);
    await this.ensure(Array.from({ length: daysAhead + 2 }, (_, i) => today - 1 + i));
  }

  /** @param onError gets a failed check; the next one, or the batch that needs the partition, tries again */
  keepAhead(onError: (error: unknown) => void): void {
    this.#timer = setInterval(() => void this.ensureAhead().catch(onError), checkEveryMs);
    this.#timer.unref();
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}
