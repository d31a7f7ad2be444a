import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { Readable } from 'node:stream';
import { Pool } from 'undici';
import {
  answerProblem,
  installAccessMetrics,
  installRequestIds,
  problemOfStatus,
  serverOptions,
  type HttpLimits,
} from '@fourway/platform-http';
import type { Logger, Metrics } from '@fourway/platform-observability';
import { Client, type OutgoingRequest } from './exchange.ts';
import { Forward, isForwardedMethod, traitsOf } from './forward.ts';
import { FrontDoorMetrics } from './front-door-metrics.ts';
import { answerHeaders, requestHeaders } from './headers.ts';
import { ReadinessPoll } from './readiness-poll.ts';
import type { Replica } from './replica.ts';
import { takeBodies, type BodyLimits } from './request-body.ts';
import { serviceOf } from './route-table.ts';

export interface FrontDoorOptions {
  readonly upstreams: Readonly<Record<string, readonly string[]>>;
  readonly answerTimeoutMs: number;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly limits?: HttpLimits;
  readonly bodies?: BodyLimits;
}

export interface FrontDoor {
  readonly http: FastifyInstance;
  readonly poll: ReadinessPoll;
  /** Gives up the connections to the replicas. */
  close(): Promise<void>;
}

/** A connection is made on this machine or in this network, or not at all. */
const connectWithinMs = 1_000;
/** Streamed bodies, such as a directory of millions of lines, may take this long to come and to be worked on. */
const streamWithinMs = 900_000;
const betweenBytesMs = 30_000;

/** The proxy, with its routes, not yet listening. */
export function createFrontDoor(options: FrontDoorOptions): FrontDoor {
  const { upstreams, answerTimeoutMs, logger, metrics } = options;
  const replicas = new Map(
    Object.entries(upstreams).map(([service, urls]) => [service, urls.map((url) => replicaAt(service, url))]),
  );
  const all = [...replicas.values()].flat();
  const instruments = new FrontDoorMetrics(metrics, all);
  const http = fastify(serverOptions({ requestTimeoutMs: streamWithinMs, ...options.limits }, logger));
  http.setErrorHandler((error, request, reply) => answerProblem(error, { request, reply, logger }));
  http.setNotFoundHandler((request, reply) => answerProblem(problemOfStatus(404), { request, reply, logger }));
  installRequestIds(http);
  installAccessMetrics(http, metrics, (request) => serviceOf(request.url));
  takeBodies(http, options.bodies);

  const forward = new Forward({
    replicas,
    onFailedTry: ({ service, url }, error, isRetried) => {
      instruments.countFailedTry(service, isRetried);
      logger.warn({ upstream: service, url, isRetried, reason: error.message }, 'a replica was lost');
    },
  });
  http.all('/*', (request, reply) => pass(request, reply, { forward, answerTimeoutMs }));
  const poll = new ReadinessPoll(all, ({ service, url, standing }) =>
    logger.info({ upstream: service, url, standing }, 'replica'),
  );
  const close = async (): Promise<void> => {
    poll.stop();
    await Promise.all(all.map(({ pool }) => pool.destroy()));
  };
  return { http, poll, close };
}

const replicaAt = (service: string, url: string): Replica => ({
  ...{ service, url, standing: 'out', inFlight: 0 },
  pool: new Pool(url, {
    connections: null,
    pipelining: 1,
    connect: { timeout: connectWithinMs },
    bodyTimeout: betweenBytesMs,
  }),
});

interface Passing {
  readonly forward: Forward;
  readonly answerTimeoutMs: number;
}

async function pass(
  request: FastifyRequest,
  reply: FastifyReply,
  { forward, answerTimeoutMs }: Passing,
): Promise<FastifyReply> {
  const service = serviceOf(request.url);
  const { method } = request;
  if (service === undefined || !isForwardedMethod(method)) throw problemOfStatus(404);
  const client = new Client();
  reply.raw.once('close', () => client.leave());
  const body = bodyOf(request.body);
  const outgoing: OutgoingRequest = {
    ...{ method, path: request.url, body },
    headers: requestHeaders(request.headers, {
      address: request.ip,
      host: request.headers.host,
      requestId: request.id,
    }),
    headersTimeout: body instanceof Readable ? streamWithinMs : answerTimeoutMs,
  };
  const answer = await forward.send({ service, outgoing, traits: traitsOf(request, body), client });
  reply.code(answer.status).headers(answerHeaders(answer.headers));
  const isEmpty = Buffer.isBuffer(answer.body) && answer.body.length === 0;
  return reply.send(isEmpty ? undefined : answer.body);
}

const bodyOf = (body: unknown): Buffer | Readable | undefined =>
  Buffer.isBuffer(body) || body instanceof Readable ? body : undefined;
