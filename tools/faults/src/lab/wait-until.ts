import { sleep, SwitchError } from '@fourway/kernel';

export interface WaitOptions {
  /** Names what is waited for, in the error. */
  readonly what: string;
  readonly withinMs: number;
  readonly everyMs?: number;
}

/**
 * Polls until there is a value; a poll that throws counts as none, since engines are down at times.
 * @throws SwitchError `stalled` when there is none in time
 */
export async function waitFor<T>(poll: () => T | undefined | Promise<T | undefined>, options: WaitOptions): Promise<T> {
  const { what, withinMs, everyMs = 100 } = options;
  const untilMs = performance.now() + withinMs;
  let failure: unknown;
  for (;;) {
    try {
      const value = await poll();
      if (value !== undefined) return value;
    } catch (error) {
      failure = error;
    }
    if (performance.now() > untilMs)
      throw new SwitchError('stalled', `${what}: not within ${withinMs / 1_000} s`, { cause: failure });
    await sleep(everyMs);
  }
}

/** The same for a condition. */
export async function waitUntil(holds: () => boolean | Promise<boolean>, options: WaitOptions): Promise<void> {
  await waitFor(async () => ((await holds()) ? true : undefined), options);
}
