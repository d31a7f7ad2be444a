import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { FastifyInstance } from 'fastify';

export const requestIdHeader = 'request-id';

const sane = /^[A-Za-z0-9][A-Za-z0-9._~-]{7,63}$/;

/** The caller's `Request-Id` where it is fit for a log line (8 to 64 unreserved characters), otherwise a new one. */
export function requestIdOf({ headers }: Pick<IncomingMessage, 'headers'>): string {
  const given = headers[requestIdHeader];
  return typeof given === 'string' && sane.test(given) ? given : randomUUID();
}

/** Every answer says the id under which its request is in the logs. */
export function installRequestIds(http: FastifyInstance): void {
  http.addHook('onRequest', (request, reply, done) => {
    void reply.header(requestIdHeader, request.id);
    done();
  });
}
