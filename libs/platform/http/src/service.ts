import 'reflect-metadata';
import type { DynamicModule, LoggerService, NestApplicationOptions, Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { createLogger, Metrics } from '@fourway/platform-observability';
import type { ServiceConfig } from './service-config.ts';
import { serveOperations, type HealthProbe } from './operations.ts';

export type Logger = ReturnType<typeof createLogger>;

/** What every service's composition root gets. */
export interface ServiceContext {
  readonly config: ServiceConfig;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** A probe that says whether a part of the service makes progress; the worst answer counts. */
  addHealthProbe(probe: HealthProbe): void;
}

/** A service has this long to finish what it holds after SIGTERM, milliseconds (G13). */
const shutdownDeadlineMs = 18_000;

/**
 * Starts one service process: logs, metrics, the Nest application that `compose` gives, health and metrics over HTTP, and a shutdown
 * on SIGTERM or SIGINT that lets Nest's hooks finish and exits 0, or 1 past the deadline.
 */
export async function startService(
  config: ServiceConfig,
  compose: (context: ServiceContext) => Promise<Type | DynamicModule>,
): Promise<void> {
  const logger = createLogger(config.service, config.logLevel);
  const metrics = new Metrics(config.service);
  const probes: HealthProbe[] = [];
  failLoudly(logger);

  const module = await compose({ config, logger, metrics, addHealthProbe: (probe) => probes.push(probe) });
  const app = await NestFactory.create<NestFastifyApplication>(module, new FastifyAdapter(), nestOptions(logger));
  serveOperations(app.getHttpAdapter().getInstance(), { metrics, probes });
  await app.listen(config.httpPort, config.httpHost);
  logger.info({ port: config.httpPort }, 'started');
  stopOnSignal(app, logger);
}

function stopOnSignal(app: NestFastifyApplication, logger: Logger): void {
  const stop = (signal: string): void => {
    logger.info({ signal }, 'stopping');
    setTimeout(() => {
      logger.fatal('not stopped in time');
      process.exit(1);
    }, shutdownDeadlineMs).unref();
    app.close().then(
      () => {
        logger.info('stopped');
        process.exit(0);
      },
      (error: unknown) => {
        logger.fatal({ err: error }, 'failed while stopping');
        process.exit(1);
      },
    );
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
}

/** A defect ends the process: the supervisor starts a fresh one, and nothing half-alive keeps its partitions. */
function failLoudly(logger: Logger): void {
  const die = (kind: string) => (error: unknown) => {
    logger.fatal({ err: error }, kind);
    process.exit(1);
  };
  process.on('uncaughtException', die('uncaught exception'));
  process.on('unhandledRejection', die('unhandled rejection'));
}

const nestOptions = (logger: Logger): Pick<NestApplicationOptions, 'logger' | 'abortOnError'> => ({
  logger: nestLogger(logger),
  abortOnError: false,
});

/** Nest's own words are of no use to an operator below a warning. */
const nestLogger = (logger: Logger): LoggerService => ({
  log: (message: unknown) => logger.debug(String(message)),
  debug: (message: unknown) => logger.debug(String(message)),
  warn: (message: unknown) => logger.warn(String(message)),
  error: (message: unknown, ...rest: unknown[]) => logger.error({ rest }, String(message)),
});
