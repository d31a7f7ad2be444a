import { timingSafeEqual } from 'node:crypto';
import { deriveApiKey, formatKeyId, parseKeyId, type KeyId } from './api-key.ts';
import { requestMac, type SignedRequest } from './canonical-request.ts';

/** A request's clock may be this far from ours, milliseconds, before or behind. */
export const maxClockDifferenceMs = 5 * 60_000;

export interface RequestToVerify extends Omit<SignedRequest, 'timestamp'> {
  /** Lower-case names, as Node gives them. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** Milliseconds since the Unix epoch. */
  readonly nowMs: number;
}

/** Why a request is not believed; a stable code. */
export type SignatureFault =
  'signature_missing' | 'key_malformed' | 'timestamp_malformed' | 'timestamp_out_of_range' | 'signature_wrong';

export type Verified =
  { readonly ok: true; readonly key: KeyId } | { readonly ok: false; readonly fault: SignatureFault };

const signaturePattern = /^[0-9a-f]{64}$/;
const timestampPattern = /^\d{13}$/;
/** Keys derived before, newest last. */
const maxRememberedKeys = 10_000;

/**
 * Verifies signatures with keys derived from one master key; a signature proves the key and its version, not that the version is the
 * newest: whoever knows the principal checks that. Remembers derived keys, at most 10,000.
 */
export class RequestVerifier {
  readonly #masterKey: Buffer;
  readonly #keys = new Map<string, Buffer>();

  /** @throws RangeError when the master key is not 32 bytes */
  constructor(masterKey: Buffer) {
    this.#masterKey = masterKey;
    deriveApiKey(masterKey, '', 0);
  }

  /** Never throws. The comparison takes the same time whatever the signature is. */
  verify({ headers, nowMs, ...request }: RequestToVerify): Verified {
    const keyHeader = headers['fourway-key'];
    const timestamp = headers['fourway-timestamp'];
    const signature = headers['fourway-signature'];
    if (typeof keyHeader !== 'string' || typeof timestamp !== 'string' || typeof signature !== 'string')
      return failed('signature_missing');
    const key = parseKeyId(keyHeader);
    if (key === null) return failed('key_malformed');
    if (!timestampPattern.test(timestamp)) return failed('timestamp_malformed');
    if (Math.abs(nowMs - Number(timestamp)) > maxClockDifferenceMs) return failed('timestamp_out_of_range');
    if (!signaturePattern.test(signature)) return failed('signature_wrong');
    const mac = requestMac(this.#keyOf(key), { ...request, timestamp });
    return timingSafeEqual(mac, Buffer.from(signature, 'hex')) ? { ok: true, key } : failed('signature_wrong');
  }

  #keyOf({ principal, version }: KeyId): Buffer {
    const id = formatKeyId({ principal, version });
    const known = this.#keys.get(id);
    if (known !== undefined) return known;
    const derived = deriveApiKey(this.#masterKey, principal, version);
    const oldest = this.#keys.size < maxRememberedKeys ? undefined : this.#keys.keys().next().value;
    if (oldest !== undefined) this.#keys.delete(oldest);
    this.#keys.set(id, derived);
    return derived;
  }
}

/** Verifies one request; a service that verifies many keeps a `RequestVerifier`. Never throws but for a wrong master key. */
export const verifyRequest = (masterKey: Buffer, request: RequestToVerify): Verified =>
  new RequestVerifier(masterKey).verify(request);

const failed = (fault: SignatureFault): Verified => ({ ok: false, fault });
