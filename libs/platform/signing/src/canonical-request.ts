import { createHash, createHmac } from 'node:crypto';

/** What a signature covers. */
export interface SignedRequest {
  /** In capitals, as on the request line. */
  readonly method: string;
  /** Path with query, as on the request line. */
  readonly path: string;
  /** As sent; empty for a request without one. */
  readonly body: string | Uint8Array;
  /** Milliseconds since the Unix epoch, digits as in the header. */
  readonly timestamp: string;
}

/** HMAC-SHA256 over timestamp, method, path and the SHA-256 of the body, one a line. */
export function requestMac(key: Buffer, { method, path, body, timestamp }: SignedRequest): Buffer {
  const digest = createHash('sha256').update(body).digest('hex');
  return createHmac('sha256', key).update(`${timestamp}\n${method}\n${path}\n${digest}`).digest();
}
