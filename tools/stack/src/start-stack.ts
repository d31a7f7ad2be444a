import { randomBytes } from 'node:crypto';
import type { StackDescription } from './description.ts';
import { launchEngines } from './engines/launch-engines.ts';
import { createServiceRoles } from './engines/postgres-databases.ts';
import { StackHost, type HostOptions } from './host.ts';
import { StackError } from './processes/errors.ts';
import { fourwayServices, type ServiceTable } from './services.ts';
import { stateFolder } from './state-folder.ts';
import { describeStack, type StackParts } from './supervisor/describe.ts';
import { DescriptionFiles } from './supervisor/description-files.ts';
import { assertBuilt, awaitServices, launchServices } from './supervisor/launch-services.ts';
import { restartServices, type ReplicaRestart } from './supervisor/restart-services.ts';
import { createTopics } from './supervisor/topics.ts';

export interface StackOptions extends HostOptions {
  /** What to run; default the product's own services. */
  readonly table?: ServiceTable;
  /** Processes of a service, by its name; default one each. */
  readonly replicas?: Readonly<Record<string, number>>;
  /** Further environment of every service and acquirer. */
  readonly env?: Readonly<Record<string, string>>;
  /** Milliseconds services may take to become ready; default 60,000. */
  readonly readyWithinMs?: number;
  /** A file kept current with the description, besides the state folder's own. */
  readonly jsonFile?: string;
}

export interface Restart {
  /** An engine's name, `<service>-<replica>`, or `acquirer-simulator-<id>`. */
  readonly name: string;
  readonly pid: number;
}

/** A stack that keeps itself running until `stop`. */
export interface RunningStack {
  /** As of now: read it again after a restart. */
  readonly description: StackDescription;
  /** Called when a process that ended has been started again; returns how to stop being called. */
  onRestart(listener: (restart: Restart) => void): () => void;
  /**
   * Restarts the named services, one replica at a time: asked to stop, waited for, started again, and ready before the next one's turn.
   * @throws StackError for a name that is not running, and for a replica that does not come back in time
   */
  restart(services: readonly string[], report?: (line: string) => void): Promise<readonly ReplicaRestart[]>;
  /** Ends every process, frees every port and removes the data; logs, books and files stay. */
  stop(): Promise<void>;
}

/**
 * Starts engines, topics, acquirers and services, and supervises them from this process. Returns when all are ready.
 * @throws StackError when something cannot be started or is not ready in time; then nothing is left running.
 */
export async function startStack(options: StackOptions = {}): Promise<RunningStack> {
  const table = options.table ?? fourwayServices;
  assertBuilt(table);
  assertReplicas(table, options.replicas ?? {});
  const files = new DescriptionFiles([
    stateFolder(options.stateDir).description,
    ...(options.jsonFile ? [options.jsonFile] : []),
  ]);
  const listeners = new Set<(restart: Restart) => void>();
  const host = await StackHost.open(options, {
    restarted: ({ spec }, pid) => listeners.forEach((listener) => listener({ name: spec.name, pid })),
    changed: () => files.refresh(),
  });
  files.clear();
  try {
    const parts = await launch(host, { ...options, table });
    files.open(parts);
    return {
      get description() {
        return describeStack(parts, 'up');
      },
      onRestart: (listener) => {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
      restart: (services, report) => restartServices(parts.running, services, report),
      stop: () => {
        files.close();
        return host.close();
      },
    };
  } catch (error) {
    await host.close();
    throw error;
  }
}

async function launch(host: StackHost, options: StackOptions & { table: ServiceTable }): Promise<StackParts> {
  const engines = await launchEngines(host);
  host.report('engines are up');
  const [roles] = await Promise.all([
    createServiceRoles(engines.postgres.address),
    createTopics(engines.kafka.address),
  ]);
  const apiMasterKey = randomBytes(32).toString('hex');
  const running = await launchServices(host, {
    table: options.table,
    replicas: options.replicas ?? {},
    env: options.env ?? {},
    kafka: engines.kafka.address,
    redis: engines.redis.address,
    roles,
    apiMasterKey,
  });
  await awaitServices(running, options.readyWithinMs ?? 60_000);
  host.report('services are ready');
  return { host, engines, roles, running, apiMasterKey };
}

function assertReplicas({ services }: ServiceTable, replicas: Readonly<Record<string, number>>): void {
  const names = services.map(({ name }) => name);
  for (const [name, count] of Object.entries(replicas)) {
    if (!names.includes(name)) throw new StackError(`There is no service ${name}; there are ${names.join(', ')}.`);
    if (!Number.isInteger(count) || count < 0 || count > 32)
      throw new StackError(`--replicas ${name}=${count}: give a whole number from 0 to 32.`);
  }
}
