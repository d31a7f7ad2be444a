import type { Logger } from '@fourway/platform-observability';

/** A process has this long to finish what it holds after SIGTERM, milliseconds (G13). */
const shutdownDeadlineMs = 18_000;

/** Runs `stop` once on SIGTERM or SIGINT and exits: 0 when it is done, 1 when it fails or takes longer than G13 allows. */
export function stopOnSignal(logger: Logger, stop: () => Promise<void>): void {
  const begin = (signal: string): void => {
    logger.info({ signal }, 'stopping');
    setTimeout(() => {
      logger.fatal('not stopped in time');
      process.exit(1);
    }, shutdownDeadlineMs).unref();
    stop().then(
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
  process.once('SIGTERM', begin);
  process.once('SIGINT', begin);
}

/** A defect ends the process: the supervisor starts a fresh one, and nothing half-alive keeps its partitions. */
export function failLoudly(logger: Logger): void {
  const die = (kind: string) => (error: unknown) => {
    logger.fatal({ err: error }, kind);
    process.exit(1);
  };
  process.on('uncaughtException', die('uncaught exception'));
  process.on('unhandledRejection', die('unhandled rejection'));
}
