import { HttpException } from '@nestjs/common';
import { HttpProblem, type ProblemDetails } from './http-problem.ts';

type Known = Omit<ProblemDetails, 'status'>;

/** What Fastify and Nest refuse by themselves, by status. */
const refusals: Readonly<Record<number, Known>> = {
  400: { code: 'malformed_request', title: 'The request cannot be read' },
  401: { code: 'unauthenticated', title: 'The request is not signed as it must be' },
  403: { code: 'forbidden', title: 'The caller may not do this' },
  404: { code: 'not_found', title: 'There is nothing here' },
  405: { code: 'method_not_allowed', title: 'This resource has no such method' },
  408: { code: 'request_timeout', title: 'The request took too long to arrive' },
  409: { code: 'conflict', title: 'The request does not fit the state of what it is about' },
  413: { code: 'body_too_large', title: 'The body is larger than this resource takes' },
  414: { code: 'path_too_long', title: 'The path is too long' },
  415: { code: 'unsupported_media_type', title: 'The body has a media type that this resource does not take' },
  422: { code: 'unprocessable', title: 'The request breaks a rule' },
  431: { code: 'headers_too_large', title: 'The header fields are too large' },
  503: { code: 'unavailable', title: 'The service cannot answer now' },
};

const unexpected: ProblemDetails = {
  status: 500,
  code: 'internal',
  title: 'The service failed',
  detail: 'The failure is on our side. Quote the request id when you report it.',
};

/** What a client is told about an error: refusals by their status, everything else as `internal` without a word of its message. */
export function problemOfError(error: unknown): HttpProblem {
  if (error instanceof HttpProblem) return error;
  const status = statusOf(error);
  const known = status === undefined ? undefined : refusals[status];
  if (status === undefined || status >= 500 || known === undefined)
    return new HttpProblem(unexpected, { cause: error });
  return new HttpProblem({ status, ...known, ...detailOf(error) }, { cause: error });
}

/** A problem of a status with its usual code and title. */
export function problemOfStatus(status: number, details: Partial<ProblemDetails> = {}): HttpProblem {
  return new HttpProblem({ ...(refusals[status] ?? unexpected), ...details, status });
}

function statusOf(error: unknown): number | undefined {
  if (error instanceof HttpException) return error.getStatus();
  // Fastify's errors.
  const coded = typeof error === 'object' && error !== null && 'statusCode' in error ? error.statusCode : undefined;
  return typeof coded === 'number' ? coded : undefined;
}

/** Words of Fastify's own and of Nest's exceptions are written for clients. */
function detailOf(error: unknown): { detail?: string } {
  return error instanceof Error && error.message !== '' ? { detail: error.message } : {};
}
