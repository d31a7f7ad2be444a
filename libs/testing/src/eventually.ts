import { setTimeout as delay } from 'node:timers/promises';

export interface EventuallyOptions {
  /** Milliseconds, default 10,000. A bound for failing tests, not a measurement. */
  readonly withinMs?: number;
  /** Milliseconds between tries, default 25. */
  readonly everyMs?: number;
}

/** Repeats `attempt` until it does not throw and returns its result; then throws what it threw last. */
export async function eventually<T>(
  attempt: () => T | Promise<T>,
  { withinMs = 10_000, everyMs = 25 }: EventuallyOptions = {},
): Promise<T> {
  const until = Date.now() + withinMs;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (Date.now() > until) throw error;
      await delay(everyMs);
    }
  }
}
