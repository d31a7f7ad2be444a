import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from '@fourway/platform-observability';
import { problemContentType, problemText, type HttpProblem } from './http-problem.ts';
import { problemOfError } from './problem-of-error.ts';
import { requestIdHeader } from './request-id.ts';

export interface FailedExchange {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly logger: Logger;
}

/** Answers an error as a problem. What was our fault is logged with the request's id, and only there. */
export function answerProblem(error: unknown, { request, reply, logger }: FailedExchange): void {
  const problem = problemOfError(error);
  if (problem.status >= 500) logFault(problem, { request, logger });
  if (reply.sent) return;
  void reply
    .code(problem.status)
    .headers({ ...problem.headers, [requestIdHeader]: request.id, 'content-type': problemContentType })
    // Bytes: to text Fastify would add a charset, which this media type does not have.
    .send(Buffer.from(problemText(problem, request.id)));
}

function logFault(problem: HttpProblem, { request, logger }: Omit<FailedExchange, 'reply'>): void {
  const line = { requestId: request.id, method: request.method, route: request.routeOptions.url };
  // 502 and 503 say that another part is away, which has its own alert.
  if (problem.status === 500) logger.error({ ...line, err: problem.cause ?? problem }, 'request failed');
  else logger.warn({ ...line, code: problem.code }, 'request not served');
}
