import type { Server } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';
import type { HealthProbe } from './operations.ts';

/** Open requests have this long to be answered once the listener is closed, milliseconds; callers wait at most 12 s. */
const answerWithinMs = 13_000;

/** What `/readyz` says of a process that is leaving, rather than behind. */
export const stoppingReason = 'stopping';

/**
 * Takes a server out of service without failing a request (G13): first `/readyz` says so while requests are still answered, each with
 * `connection: close`, so that the front door sends no more; then the listener closes and what is open is answered.
 */
export class GracefulStop {
  #server: Server | undefined;
  readonly #closing = new AbortController();
  #isStopping = false;

  /** To be called before the server has routes. */
  guard(http: FastifyInstance): void {
    this.#server = http.server;
    http.addHook('onSend', (_request, reply, _payload, done) => {
      if (this.#isStopping) void reply.header('connection', 'close');
      done();
    });
  }

  /** Not ready from the moment of the signal. */
  readonly probe: HealthProbe = () =>
    this.#isStopping ? { live: true, ready: false, reason: stoppingReason } : { live: true, ready: true };

  /** Aborted when the listener closes: a handler that holds a caller waiting should answer what it knows. */
  get closing(): AbortSignal {
    return this.#closing.signal;
  }

  /** @param drainMs how long requests are still taken */
  async drain(drainMs: number): Promise<void> {
    this.#isStopping = true;
    await delay(drainMs);
    this.#closing.abort();
    const server = this.#server;
    if (server === undefined) return;
    const cut = setTimeout(() => server.closeAllConnections(), answerWithinMs);
    // An answer that was on its way at the signal leaves a connection that only now becomes idle.
    const reap = setInterval(() => server.closeIdleConnections(), 100);
    await new Promise<void>((resolve) => server.close(() => resolve()));
    clearInterval(reap);
    clearTimeout(cut);
  }
}
