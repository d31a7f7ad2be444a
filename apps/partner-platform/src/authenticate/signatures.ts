import type { FastifyRequest } from 'fastify';
import { assert, type Clock } from '@fourway/kernel';
import { problemOfStatus } from '@fourway/platform-http';
import type { KeyId, RequestVerifier } from '@fourway/platform-signing';
import type { DirectoryRepository } from '../directory/directory.repository.ts';
import { notBelieved } from './not-believed.ts';
import type { Principal } from './principal.ts';

export interface SignaturesParts {
  readonly verifier: RequestVerifier;
  readonly directory: Pick<DirectoryRepository, 'find'>;
  readonly clock: Clock;
}

const principals = new WeakMap<FastifyRequest, Principal>();

/** Believes what a known principal signed with its newest key. */
export class Signatures {
  readonly #parts: SignaturesParts;

  constructor(parts: SignaturesParts) {
    this.#parts = parts;
  }

  /**
   * @param signed what was signed as the body
   * @throws HttpProblem 401 for a signature or key that is not valid, 403 for whom this API does not serve
   */
  async admit(request: FastifyRequest, signed: Buffer): Promise<void> {
    const { verifier, clock } = this.#parts;
    const { headers, method, url: path } = request;
    const verified = verifier.verify({ headers, method, path, body: signed, nowMs: clock.nowMs() });
    if (!verified.ok) throw notBelieved(verified.fault);
    principals.set(request, await this.#principalOf(verified.key));
  }

  async #principalOf(key: KeyId): Promise<Principal> {
    switch (key.type) {
      case 'operator':
        if (key.version !== 1) throw notBelieved('key_unknown');
        return { name: key.principal, reach: { kind: 'all' } };
      case 'provider':
        return this.#providerOf(key);
      case 'merchant':
        return this.#merchantOf(key);
      case 'wallet':
        throw problemOfStatus(403, { detail: 'The directory is not open to wallets.' });
    }
  }

  async #providerOf({ principal: name, id, version }: KeyId): Promise<Principal> {
    const stored = version === 1 ? await this.#parts.directory.find({ type: 'provider', id }) : undefined;
    if (stored === undefined) throw notBelieved('key_unknown');
    if (stored.status !== 'active')
      throw problemOfStatus(403, { code: `provider_${stored.status}`, detail: `Provider ${id} is ${stored.status}.` });
    return { name, reach: { kind: 'provider', providerId: id } };
  }

  async #merchantOf({ principal: name, id, version }: KeyId): Promise<Principal> {
    const stored = await this.#parts.directory.find({ type: 'merchant', id });
    const newest = stored?.entity.type === 'merchant' ? stored.entity.merchant.apiKeyVersion : undefined;
    if (newest !== version) throw notBelieved('key_unknown');
    return { name, reach: { kind: 'merchant', merchantId: id } };
  }
}

/** The principal of a request that was admitted. */
export function callerOf(request: FastifyRequest): Principal {
  const principal = principals.get(request);
  assert(principal !== undefined, 'the route has a guard');
  return principal;
}
