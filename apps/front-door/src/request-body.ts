import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { ndjsonMediaType, problemOfStatus, type HttpProblem } from '@fourway/platform-http';

export interface BodyLimits {
  /** Bytes of a body that is held for a second try; a service's own limit is lower. */
  readonly heldBytesMax: number;
  /** How long a held body may take to arrive. */
  readonly heldWithinMs: number;
  /** A streamed body brings at least so much within each period, or is given up. */
  readonly streamedBytesMin: number;
  readonly streamedPeriodMs: number;
}

export const bodyLimits: BodyLimits = {
  heldBytesMax: 262_144,
  heldWithinMs: 10_000,
  streamedBytesMin: 4_096,
  streamedPeriodMs: 30_000,
};

/** Bodies are held whole, so that another replica can be given the same bytes; NDJSON is passed on as it comes. */
export function takeBodies(http: FastifyInstance, limits: BodyLimits = bodyLimits): void {
  http.removeAllContentTypeParsers();
  http.addContentTypeParser(ndjsonMediaType, (request, body: Readable, done) => {
    endSlowStream(request.raw, limits);
    done(null, body);
  });
  http.addContentTypeParser('*', async (request: FastifyRequest, body: Readable) => {
    if (Number(request.headers['content-length'] ?? 0) > limits.heldBytesMax) throw tooLarge(limits);
    return holdBody(body, limits);
  });
}

/** @throws HttpProblem 413 or 408 */
export function holdBody(body: Readable, limits: BodyLimits): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const give = (problem: HttpProblem): void => {
      clearTimeout(timer);
      // What still comes is read and dropped, so that the client gets to read the answer.
      body.removeAllListeners('data').resume();
      reject(problem);
    };
    const timer = setTimeout(() => give(tooSlow(limits)), limits.heldWithinMs);
    body.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > limits.heldBytesMax) give(tooLarge(limits));
      else chunks.push(chunk);
    });
    body.once('end', () => {
      clearTimeout(timer);
      resolve(chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks, size));
    });
    body.once('error', () => give(problemOfStatus(400, { detail: 'The body ended early.' })));
  });
}

const tooLarge = ({ heldBytesMax }: BodyLimits): HttpProblem =>
  problemOfStatus(413, { detail: `The body is larger than ${heldBytesMax} bytes.`, headers: { connection: 'close' } });

const tooSlow = ({ heldWithinMs }: BodyLimits): HttpProblem =>
  problemOfStatus(408, {
    detail: `The body did not arrive within ${heldWithinMs / 1_000} s.`,
    headers: { connection: 'close' },
  });

/** A client that holds a stream open without sending costs a connection here and one at a replica. */
function endSlowStream(request: IncomingMessage, { streamedBytesMin, streamedPeriodMs }: BodyLimits): void {
  const { socket } = request;
  let before = socket.bytesRead;
  // Looks for the end by itself: undici takes the socket from a body it gives up, and so the event of its end.
  const timer = setInterval(() => {
    const arrived = socket.bytesRead - before;
    before = socket.bytesRead;
    if (request.complete || socket.destroyed) clearInterval(timer);
    // While a replica is slow to take it, nothing is read, and that is not the client's fault.
    else if (arrived < streamedBytesMin && !request.isPaused()) socket.destroy();
  }, streamedPeriodMs);
}
