import { launchEngines } from './engines/launch-engines.ts';
import { StackHost, type HostOptions } from './host.ts';

/** Engines without services. */
export interface RunningEngines {
  /** `host:port` */
  readonly kafka: string;
  /** A superuser's URL. */
  readonly postgres: string;
  readonly redis: string;
  /** Ends every process, frees every port and removes the data. */
  stop(): Promise<void>;
}

/**
 * Starts Kafka, PostgreSQL and Redis, or uses those in the environment, and keeps them running until `stop`.
 * @throws StackError when one cannot be found, fetched or started; the message says what to do.
 */
export async function startEngines(options: HostOptions = {}): Promise<RunningEngines> {
  const host = await StackHost.open(options);
  try {
    const { kafka, postgres, redis } = await launchEngines(host);
    return { kafka: kafka.address, postgres: postgres.address, redis: redis.address, stop: () => host.close() };
  } catch (error) {
    await host.close();
    throw error;
  }
}
