import { isUtf8 } from 'node:buffer';
import type { Readable } from 'node:stream';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { RouteConfig } from '@nestjs/platform-fastify';
import { HttpProblem } from './http-problem.ts';
import { problemOfStatus } from './problem-of-error.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** The bytes of a JSON body as they arrived; undefined without a body and for a streamed one. */
    rawBody: Buffer | undefined;
  }
  interface FastifyContextConfig {
    bodyPolicy?: BodyPolicy;
  }
}

/** How a route takes its body. */
export interface BodyPolicy {
  /** Instead of the service's limit; bytes. */
  readonly maxBytes?: number;
  /** The body is `application/x-ndjson` and reaches the handler as a Readable, unparsed and without a limit of its own. */
  readonly streams?: boolean;
}

export const ndjsonMediaType = 'application/x-ndjson';

/** Decorates a Nest route that takes a larger or a streamed body. */
export const TakesBody = (bodyPolicy: BodyPolicy): MethodDecorator => RouteConfig({ bodyPolicy });

/** The bytes that were signed: empty when there was no body. */
export const rawBodyOf = (request: FastifyRequest): Buffer => request.rawBody ?? Buffer.alloc(0);

/** JSON, kept raw beside the parsed value because signatures cover bytes, and NDJSON streams where a route takes them; nothing else. */
export function installBodyParsers(http: FastifyInstance): void {
  http.removeAllContentTypeParsers();
  http.decorateRequest('rawBody', undefined);
  http.addHook('onRoute', (route) => {
    const maxBytes = route.config?.bodyPolicy?.maxBytes;
    if (maxBytes !== undefined) route.bodyLimit = maxBytes;
  });
  const parseJson = http.getDefaultJsonParser('error', 'error');
  http.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body: Buffer, done) => {
    request.rawBody = body;
    if (body.length === 0) done(null, undefined);
    else if (!isUtf8(body)) done(malformedJson('The body is not UTF-8.'));
    else
      void parseJson(request, body.toString('utf8'), (error, value) =>
        error ? done(malformedJson(error.message)) : done(null, value),
      );
  });
  http.addContentTypeParser(ndjsonMediaType, (request, body: Readable, done) => {
    if (request.routeOptions.config.bodyPolicy?.streams === true) done(null, body);
    else done(problemOfStatus(415, { detail: 'Send application/json.' }));
  });
}

const malformedJson = (detail: string): HttpProblem =>
  new HttpProblem({ status: 400, code: 'malformed_json', title: 'The body is not JSON', detail });
