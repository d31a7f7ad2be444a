import { Catch, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from '@fourway/platform-observability';
import { answerProblem } from './answer-problem.ts';

/** Everything thrown in a Nest service, and Fastify's own refusals, as problems. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  readonly #logger: Logger;

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  catch(error: unknown, host: ArgumentsHost): void {
    const context = host.switchToHttp();
    const request = context.getRequest<FastifyRequest>();
    answerProblem(error, { request, reply: context.getResponse<FastifyReply>(), logger: this.#logger });
  }
}
