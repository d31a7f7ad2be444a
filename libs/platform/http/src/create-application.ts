import type { DynamicModule, LoggerService, NestApplicationOptions, Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';
import type { Logger, Metrics } from '@fourway/platform-observability';
import { installConventions, serverOptions, type HttpLimits } from './http-server.ts';
import { ProblemFilter } from './problem.filter.ts';

export interface ApplicationParts {
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly limits?: HttpLimits;
  /** Called once, with the server before any route is on it. */
  readonly compose: (http: FastifyInstance) => Promise<Type | DynamicModule>;
}

/** A Nest application on Fastify with our conventions for ids, bodies, problems and metrics; it does not listen yet. */
export async function createApplication(parts: ApplicationParts): Promise<NestFastifyApplication> {
  const { logger, metrics, limits = {}, compose } = parts;
  const adapter = new FastifyAdapter(serverOptions(limits, logger));
  const http = adapter.getInstance();
  installConventions(http, metrics);
  const module = await compose(http);
  const app = await NestFactory.create<NestFastifyApplication>(module, adapter, nestOptions(logger));
  app.useGlobalFilters(new ProblemFilter(logger));
  return app;
}

const nestOptions = (logger: Logger): Pick<NestApplicationOptions, 'logger' | 'abortOnError' | 'bodyParser'> => ({
  logger: nestLogger(logger),
  abortOnError: false,
  bodyParser: false,
});

/** Nest's own words are of no use to an operator below a warning. */
const nestLogger = (logger: Logger): LoggerService => ({
  log: (message: unknown) => logger.debug(String(message)),
  debug: (message: unknown) => logger.debug(String(message)),
  warn: (message: unknown) => logger.warn(String(message)),
  error: (message: unknown, ...rest: unknown[]) => logger.error({ rest }, String(message)),
});
