import type { FastifyInstance } from 'fastify';
import type { Metrics } from '@fourway/platform-observability';

/** `live` false: restart me. `ready` false: send me nothing yet. */
export interface Health {
  readonly live: boolean;
  readonly ready: boolean;
  readonly reason?: string;
}

export type HealthProbe = () => Health;

/** `/healthz` (live), `/readyz` (ready) and `/metrics`. Live means progress or proven idle, never "the process is up" (G9). */
export function serveOperations(
  http: FastifyInstance,
  { metrics, probes }: { metrics: Metrics; probes: readonly HealthProbe[] },
): void {
  const answer = (path: string, holds: (health: Health) => boolean): void => {
    http.get(path, (_request, reply) => {
      const failing = probes.map((probe) => probe()).filter((health) => !holds(health));
      reply
        .code(failing.length === 0 ? 200 : 503)
        .send({ ok: failing.length === 0, reasons: failing.map(({ reason }) => reason ?? 'unknown') });
    });
  };
  answer('/healthz', ({ live }) => live);
  answer('/readyz', ({ live, ready }) => live && ready);
  http.get('/metrics', async (_request, reply) =>
    reply.header('content-type', metrics.contentType).send(await metrics.text()),
  );
}
