import { Inject, Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { notBelieved } from '../authenticate/not-believed.ts';
import { Signatures } from '../authenticate/signatures.ts';

export const contentDigestHeader = 'fourway-content-sha256';

const sha256 = /^[0-9a-f]{64}$/;

/**
 * A stream cannot be held against its signature before it is read. Its sender declares its digest in a header and signs the digits of the
 * digest as the body; the stream is held against the digest while it is read.
 */
@Injectable()
export class DeclaredDigestGuard implements CanActivate {
  readonly #signatures: Signatures;

  constructor(@Inject(Signatures) signatures: Signatures) {
    this.#signatures = signatures;
  }

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    await this.#signatures.admit(request, Buffer.from(declaredDigestOf(request)));
    return true;
  }
}

/** @throws HttpProblem 401 */
export function declaredDigestOf({ headers }: FastifyRequest): string {
  const declared = headers[contentDigestHeader];
  if (typeof declared !== 'string' || !sha256.test(declared)) throw notBelieved('content_digest_missing');
  return declared;
}
