import { requestMac, type SignedRequest } from './canonical-request.ts';

export interface RequestToSign extends Omit<SignedRequest, 'timestamp'> {
  /** `<principal>.<version>`. */
  readonly keyId: string;
  readonly key: Buffer;
  /** Milliseconds since the Unix epoch. */
  readonly timestampMs: number;
}

/** The headers that prove who sent a request. */
export type SignatureHeaders = Readonly<Record<'fourway-key' | 'fourway-timestamp' | 'fourway-signature', string>>;

/** Signs a request with a principal's key. */
export function signRequest({ keyId, key, timestampMs, ...request }: RequestToSign): SignatureHeaders {
  const timestamp = String(timestampMs);
  return {
    'fourway-key': keyId,
    'fourway-timestamp': timestamp,
    'fourway-signature': requestMac(key, { ...request, timestamp }).toString('hex'),
  };
}
