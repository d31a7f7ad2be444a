import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { ServiceRole } from '../engines/postgres-databases.ts';
import type { StackHost } from '../host.ts';
import { StackError } from '../processes/errors.ts';
import { logTail } from '../processes/log-tail.ts';
import { waitUntil } from '../processes/wait.ts';
import type { AcquirerDefinition, ServiceDefinition, ServiceTable } from '../services.ts';
import { repositoryRoot } from '../state-folder.ts';
import { givenEnvironment, serviceEnvironment } from './service-environment.ts';
import { superviseService, type HttpProcess } from './service-process.ts';

export interface RunningAcquirer extends HttpProcess {
  readonly id: string;
  readonly profile: AcquirerDefinition['profile'];
  /** ISO 8583 over TCP, on 127.0.0.1. */
  readonly isoPort: number;
  readonly book: string;
}

export interface RunningServices {
  readonly services: ReadonlyMap<string, readonly HttpProcess[]>;
  readonly acquirers: readonly RunningAcquirer[];
}

export interface ServiceSettings {
  readonly table: ServiceTable;
  readonly replicas: Readonly<Record<string, number>>;
  /** Further environment of every service. */
  readonly env: Readonly<Record<string, string>>;
  readonly kafka: string;
  readonly redis: string;
  readonly roles: Readonly<Record<ServiceRole, string>>;
  readonly apiMasterKey: string;
}

/** @throws StackError that lists the services without a compiled entry. */
export function assertBuilt({ services, acquirers, acquirerEntry }: ServiceTable): void {
  const entries = [...services.map(({ entry }) => entry), ...(acquirers.length > 0 ? [acquirerEntry] : [])];
  const missing = entries.filter((entry) => !existsSync(join(repositoryRoot, entry)));
  if (missing.length > 0) throw new StackError(`Not built: ${missing.join(', ')}. Run: npm run build`);
}

/** Starts all acquirers and services at once; they wait for each other by themselves. */
export async function launchServices(host: StackHost, settings: ServiceSettings): Promise<RunningServices> {
  const acquirers: RunningAcquirer[] = [];
  for (const definition of settings.table.acquirers) acquirers.push(await launchAcquirer(host, settings, definition));
  const services = new Map<string, HttpProcess[]>();
  for (const definition of settings.table.services) {
    const env = {
      ...serviceEnvironment(definition, settings),
      ...givenEnvironment(definition, { host, settings, running: { services, acquirers } }),
    };
    const count = settings.replicas[definition.name] ?? 1;
    services.set(definition.name, await launchReplicas(host, { definition, env, count }));
  }
  return { services, acquirers };
}

/** Resolves when every process has answered its readiness endpoint. */
export async function awaitServices({ services, acquirers }: RunningServices, readyWithinMs: number): Promise<void> {
  const all = [...[...services.values()].flat(), ...acquirers].map(({ process }) => process);
  if (await waitUntil(() => all.every(({ state }) => state === 'ready'), readyWithinMs)) return;
  const late = all.filter(({ state }) => state !== 'ready');
  const stories = late.map(
    ({ spec, state, lastExit }) =>
      `${spec.name} is ${state}${lastExit ? ` (last ended with ${lastExit})` : ''}:\n${logTail(spec.logFile)}`,
  );
  throw new StackError(`Not ready within ${readyWithinMs / 1_000} s:\n${stories.join('\n')}`);
}

async function launchReplicas(
  host: StackHost,
  what: { definition: ServiceDefinition; env: Record<string, string>; count: number },
): Promise<HttpProcess[]> {
  const { name, entry } = what.definition;
  const replicas: HttpProcess[] = [];
  for (let replica = 0; replica < what.count; replica++) {
    const env = { ...what.env, FOURWAY_REPLICA: String(replica) };
    replicas.push(
      superviseService(host, {
        tier: 'service',
        name: `${name}-${replica}`,
        entry,
        port: await host.ports.take(),
        env,
      }),
    );
  }
  return replicas;
}

async function launchAcquirer(
  host: StackHost,
  { table, env }: ServiceSettings,
  { id, profile }: AcquirerDefinition,
): Promise<RunningAcquirer> {
  const isoPort = await host.ports.take();
  const book = join(host.folder.books, `${id}.book`);
  const own = {
    FOURWAY_LOG_LEVEL: 'info',
    ...env,
    FOURWAY_SERVICE: 'acquirer-simulator',
    FOURWAY_REPLICA: '0',
    FOURWAY_ACQUIRER_ID: id,
    FOURWAY_ISO_PORT: String(isoPort),
    FOURWAY_ISO_PROFILE: profile,
    FOURWAY_BOOK: book,
  };
  const process = superviseService(host, {
    tier: 'acquirer',
    name: `acquirer-simulator-${id}`,
    entry: table.acquirerEntry,
    port: await host.ports.take(),
    env: own,
  });
  return { ...process, id, profile, isoPort, book };
}
