import { failLoudly, GracefulStop, serveOperations, stopOnSignal } from '@fourway/platform-http';
import { createLogger, Metrics } from '@fourway/platform-observability';
import { readConfig } from './config.ts';
import { createFrontDoor } from './front-door.ts';

const config = readConfig();
const logger = createLogger(config.service, config.logLevel);
const metrics = new Metrics(config.service);
failLoudly(logger);

const frontDoor = createFrontDoor({ ...config, logger, metrics });
const { http, poll } = frontDoor;
const graceful = new GracefulStop();
graceful.guard(http);
// A service that is away is its own alert; the door stays open for the others.
const hasLooked = () => ({ live: true, ready: poll.isComplete, reason: 'replicas not asked yet' });
serveOperations(http, { metrics, probes: [graceful.probe, hasLooked] });
poll.start();
await http.listen({ host: config.httpHost, port: config.httpPort });
logger.info({ port: config.httpPort }, 'started');
stopOnSignal(logger, async () => {
  await graceful.drain(config.drainMs);
  await http.close();
  await frontDoor.close();
});
