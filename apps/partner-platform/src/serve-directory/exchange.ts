import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { HttpProblem, parseBody, problemOfStatus } from '@fourway/platform-http';
import type { Principal } from '../authenticate/principal.ts';
import { callerOf } from '../authenticate/signatures.ts';
import { viewOf } from '../directory/entity-view.ts';
import type { EntityKey, StoredEntity } from '../directory/stored-entity.ts';
import { notFound } from '../edit-entities/change-entity.ts';
import type { Created } from '../edit-entities/create-entity.ts';
import { entityTagOf, expectedVersionOf, type ExpectedVersion } from '../edit-entities/expected-version.ts';
import type { Request } from '../edit-entities/request.ts';

const idempotencyKey = /^[\x21-\x7e]{1,64}$/;

/** A request that passed its guard, and the answer it gets. */
export class Exchange implements Request {
  readonly principal: Principal;
  readonly requestId: string;
  readonly #request: FastifyRequest;
  readonly #reply: FastifyReply;

  constructor(request: FastifyRequest, reply: FastifyReply) {
    this.principal = callerOf(request);
    this.requestId = request.id;
    this.#request = request;
    this.#reply = reply;
  }

  get query(): unknown {
    return this.#request.query;
  }

  /** @throws HttpProblem 422 */
  body<T extends z.ZodType>(schema: T): z.output<T> {
    return parseBody(schema, this.#request.body);
  }

  /** @throws HttpProblem 400, 422 */
  expectedVersion(version: number | undefined): ExpectedVersion {
    return expectedVersionOf(this.#request.headers['if-match'], version);
  }

  /** @throws HttpProblem 400 */
  idempotencyKey(): string {
    const key = this.#request.headers['idempotency-key'];
    if (typeof key === 'string' && idempotencyKey.test(key)) return key;
    throw new HttpProblem({
      status: 400,
      code: 'idempotency_key_missing',
      title: 'This request needs an Idempotency-Key',
      detail: 'Send Idempotency-Key with 1 to 64 visible ASCII characters, the same for a repetition.',
    });
  }

  /** The entity, with its version as entity tag. @throws HttpProblem 404 where there is nothing for this caller */
  entity(stored: StoredEntity | undefined, key: EntityKey): object {
    if (stored === undefined) throw notFound(key);
    void this.#reply.code(200).header('etag', entityTagOf(stored));
    return viewOf(stored);
  }

  /** 201 for what is new, 200 for a repetition. */
  created({ stored, isNew }: Created): object {
    const body = this.entity(stored, stored.entity);
    if (isNew) void this.#reply.code(201);
    return body;
  }

  /** @throws HttpProblem 403 */
  assertOperator(): void {
    const { name, reach } = this.principal;
    if (reach.kind !== 'all') throw problemOfStatus(403, { detail: `Only operators may do this, not ${name}.` });
  }

  /** @throws HttpProblem 403 for merchants */
  assertEditor(): void {
    const { name, reach } = this.principal;
    if (reach.kind === 'merchant')
      throw problemOfStatus(403, { detail: `${name} may read what is its own, and change nothing.` });
  }
}

/** The exchange that a route handles. */
export const Exchanged = createParamDecorator((_: unknown, context: ExecutionContext): Exchange => {
  const http = context.switchToHttp();
  return new Exchange(http.getRequest<FastifyRequest>(), http.getResponse<FastifyReply>());
});
