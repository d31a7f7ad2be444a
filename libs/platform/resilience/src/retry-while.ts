import { sleep } from '@fourway/kernel';

export interface RetryOptions {
  /** True where the same work may succeed later; any other error is thrown at once. */
  readonly isTransient: (error: unknown) => boolean;
  readonly firstDelayMs?: number;
  readonly maxDelayMs?: number;
  /** Called before each further try. */
  readonly onRetry?: (error: unknown, tries: number) => void;
}

/** Does the work until it succeeds or fails for good. For work that must be done and is safe to repeat: the caller bounds how much of it is open. */
export async function retryWhile<T>(work: () => Promise<T>, options: RetryOptions): Promise<T> {
  const { isTransient, firstDelayMs = 25, maxDelayMs = 1_000, onRetry } = options;
  for (let tries = 1; ; tries++) {
    try {
      return await work();
    } catch (error) {
      if (!isTransient(error)) throw error;
      onRetry?.(error, tries);
      await sleep(Math.min(firstDelayMs * 2 ** Math.min(tries - 1, 12), maxDelayMs));
    }
  }
}
