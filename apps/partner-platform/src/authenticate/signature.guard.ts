import { Inject, Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { rawBodyOf } from '@fourway/platform-http';
import { Signatures } from './signatures.ts';

/** Lets through what its sender signed, body included. */
@Injectable()
export class SignatureGuard implements CanActivate {
  readonly #signatures: Signatures;

  constructor(@Inject(Signatures) signatures: Signatures) {
    this.#signatures = signatures;
  }

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    await this.#signatures.admit(request, rawBodyOf(request));
    return true;
  }
}
