/** A call to Redis was not answered in time. */
export class NotAnsweredError extends Error {
  override readonly name = 'NotAnsweredError';
}

export interface Patience {
  /** Redis may say nothing at all for this long, milliseconds. */
  readonly silenceMs: number;
  /** While it does answer other calls, this one may take so much longer. */
  readonly timesWhileHeard: number;
  /** When Redis was last heard of, by `performance.now()`. */
  readonly lastHeardMs: () => number;
}

/**
 * The call's result, or NotAnsweredError when Redis has been silent for too long. A server that answers, slowly because the machine is
 * busy, is not taken for one that hangs. Nor is one whose answer already waits in the socket of a process that was too busy
 * to read it: timers run before sockets are read, so the verdict waits until they have been.
 */
export function answeredWithin<T>({ silenceMs, timesWhileHeard, lastHeardMs }: Patience, call: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const askedMs = performance.now();
    const judge = (): void => {
      const nowMs = performance.now();
      const silentMs = nowMs - Math.max(askedMs, lastHeardMs());
      if (silentMs < silenceMs && nowMs - askedMs < silenceMs * timesWhileHeard) waitFor(silenceMs - silentMs);
      else reject(new NotAnsweredError(`no answer within ${Math.round(nowMs - askedMs)} ms`));
    };
    let timer: NodeJS.Timeout | undefined;
    const waitFor = (ms: number): void => {
      timer = setTimeout(() => setImmediate(judge), ms);
    };
    waitFor(silenceMs);
    call.then(resolve, reject).finally(() => {
      clearTimeout(timer);
    });
  });
}
