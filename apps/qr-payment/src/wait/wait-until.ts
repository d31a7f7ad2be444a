import type { WaitingCallers } from './waiting-callers.ts';

export interface Wait<T> {
  readonly callers: WaitingCallers;
  readonly key: string;
  readonly waitMs: number;
  readonly read: () => Promise<T>;
  readonly isDone: (value: T) => boolean;
}

/** Reads until it is done, the time is over or the service closes; whatever was read last. */
export async function waitUntil<T>({ callers, key, waitMs, read, isDone }: Wait<T>): Promise<T> {
  const untilMs = performance.now() + waitMs;
  const listener = callers.listen(key);
  try {
    for (;;) {
      const value = await read();
      const leftMs = untilMs - performance.now();
      if (isDone(value) || leftMs <= 0 || !callers.isOpen) return value;
      await listener.within(leftMs);
    }
  } finally {
    listener.end();
  }
}
