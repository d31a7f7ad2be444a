import type { FastifyRequest } from 'fastify';
import { HttpProblem } from '@fourway/platform-http';

/** In an answer that was given before. */
export const replayedHeader = 'idempotent-replayed';

/**
 * The caller's own name for a request.
 * @throws HttpProblem 400
 */
export function idempotencyKeyOf({ headers }: FastifyRequest): string {
  const key = headers['idempotency-key'];
  if (typeof key === 'string' && /^[!-~]{1,64}$/.test(key)) return key;
  throw new HttpProblem({
    status: 400,
    code: key === undefined ? 'idempotency_key_missing' : 'idempotency_key_malformed',
    title: 'A request that moves money needs an Idempotency-Key',
    detail:
      'Send Idempotency-Key with 1 to 64 visible ASCII characters: a new one for each order or payment, the same one for its re-sends.',
  });
}
