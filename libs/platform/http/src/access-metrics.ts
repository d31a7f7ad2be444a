import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Metrics } from '@fourway/platform-observability';

/** Names a request's route by a bounded set of names; undefined for one that is none of ours. */
export type RouteName = (request: FastifyRequest) => string | undefined;

const routeTemplate: RouteName = ({ is404, routeOptions }) => (is404 ? undefined : routeOptions.url);

/** Requests and their seconds by route, method and status class; the histogram's `_count` is the number of requests. */
export function installAccessMetrics(http: FastifyInstance, metrics: Metrics, nameOf = routeTemplate): void {
  const seconds = metrics.histogram({
    name: 'switch_http_request_seconds',
    help: 'Time from the first byte of a request to the last of its answer, by route, method and status class',
    labels: ['route', 'method', 'status'],
  });
  http.addHook('onResponse', (request, reply, done) => {
    const status = `${Math.floor(reply.statusCode / 100)}xx`;
    const route = nameOf(request) ?? 'unknown';
    seconds.observe({ route, method: request.method, status }, reply.elapsedTime / 1_000);
    done();
  });
}
