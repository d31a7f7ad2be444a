import 'reflect-metadata';
import type { DynamicModule, Type } from '@nestjs/common';
import { createLogger, Metrics } from '@fourway/platform-observability';
import { createApplication } from './create-application.ts';
import { GracefulStop } from './graceful-stop.ts';
import type { HttpLimits } from './http-server.ts';
import { serveOperations, type HealthProbe } from './operations.ts';
import { failLoudly, stopOnSignal } from './process-life.ts';
import type { ServiceConfig } from './service-config.ts';

export type Logger = ReturnType<typeof createLogger>;

/** What every service's composition root gets. */
export interface ServiceContext {
  readonly config: ServiceConfig;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** A probe that says whether a part of the service makes progress; the worst answer counts. */
  addHealthProbe(probe: HealthProbe): void;
  /** Aborted when the service takes no more requests: answer callers that wait with what is known. */
  readonly closing: AbortSignal;
}

/**
 * Starts one service process: logs, metrics, the Nest application that `compose` gives, health and metrics over HTTP, and a shutdown
 * on SIGTERM or SIGINT that answers open requests, lets Nest's hooks finish and exits 0, or 1 past the deadline.
 */
export async function startService(
  config: ServiceConfig,
  compose: (context: ServiceContext) => Promise<Type | DynamicModule>,
  limits: HttpLimits = {},
): Promise<void> {
  const logger = createLogger(config.service, config.logLevel);
  const metrics = new Metrics(config.service);
  failLoudly(logger);

  const graceful = new GracefulStop();
  const probes: HealthProbe[] = [graceful.probe];
  const addHealthProbe = (probe: HealthProbe): void => void probes.push(probe);
  const app = await createApplication({
    ...{ logger, metrics, limits },
    compose: (http) => {
      graceful.guard(http);
      serveOperations(http, { metrics, probes });
      return compose({ config, logger, metrics, addHealthProbe, closing: graceful.closing });
    },
  });
  await app.listen(config.httpPort, config.httpHost);
  logger.info({ port: config.httpPort }, 'started');
  stopOnSignal(logger, async () => {
    await graceful.drain(config.drainMs);
    await app.close();
  });
}
