import type { Server } from 'node:http';
import type { FastifyHttpOptions, FastifyInstance } from 'fastify';
import type { Logger, Metrics } from '@fourway/platform-observability';
import { installAccessMetrics } from './access-metrics.ts';
import { answerProblem } from './answer-problem.ts';
import { installBodyParsers } from './body-parsers.ts';
import { answerClientError } from './client-error.ts';
import { installRequestIds, requestIdOf } from './request-id.ts';

/** What a server takes from a client before it gives up. */
export interface HttpLimits {
  /** Bytes of a body, unless its route says otherwise; default 64 KiB. */
  readonly bodyLimitBytes?: number;
  /** From the first byte to the end of the header fields; default 10 s. */
  readonly headersTimeoutMs?: number;
  /** From the first byte to the end of the body; default 30 s. Raise it where large bodies are streamed. */
  readonly requestTimeoutMs?: number;
  /** How long an idle connection stays open; default 65 s. */
  readonly keepAliveMs?: number;
}

/** How often Node looks for connections past their timeouts; its own default of 30 s would let a slow client have that much more. */
const timeoutCheckMs = 1_000;

export type ServerOptions = Pick<
  FastifyHttpOptions<Server>,
  | 'bodyLimit'
  | 'requestTimeout'
  | 'keepAliveTimeout'
  | 'http'
  | 'genReqId'
  | 'clientErrorHandler'
  | 'frameworkErrors'
  | 'requestIdHeader'
>;

/** Fastify's options for limits, request ids and problems below the routes. */
export function serverOptions(limits: HttpLimits, logger: Logger): ServerOptions {
  const {
    bodyLimitBytes = 65_536,
    headersTimeoutMs = 10_000,
    requestTimeoutMs = 30_000,
    keepAliveMs = 65_000,
  } = limits;
  return {
    bodyLimit: bodyLimitBytes,
    requestTimeout: requestTimeoutMs,
    keepAliveTimeout: keepAliveMs,
    http: { headersTimeout: headersTimeoutMs, connectionsCheckingInterval: timeoutCheckMs },
    requestIdHeader: false,
    genReqId: requestIdOf,
    clientErrorHandler: answerClientError,
    frameworkErrors: (error, request, reply) => answerProblem(error, { request, reply, logger }),
  };
}

/** What every service has before its routes: body parsers, the request's id in the answer, access metrics. */
export function installConventions(http: FastifyInstance, metrics: Metrics): void {
  installBodyParsers(http);
  installAccessMetrics(http, metrics);
  installRequestIds(http);
}
