import type { StackHost } from '../host.ts';
import type { Given, ServiceDefinition } from '../services.ts';
import type { RunningServices, ServiceSettings } from './launch-services.ts';

/** The front door asks a replica five times a second whether it may be given requests, so it knows within this time; milliseconds. */
const drainMs = 1_500;

/** What every service is told. */
export function serviceEnvironment(
  { name, role, answersClients }: ServiceDefinition,
  { kafka, redis, roles, env }: ServiceSettings,
): Record<string, string> {
  return {
    FOURWAY_LOG_LEVEL: 'info',
    FOURWAY_DRAIN_MS: String(answersClients === true ? drainMs : 0),
    ...env,
    FOURWAY_SERVICE: name,
    FOURWAY_KAFKA: kafka,
    FOURWAY_REDIS_URL: redis,
    ...(role && { FOURWAY_POSTGRES_URL: roles[role] }),
  };
}

interface Surroundings {
  readonly host: StackHost;
  readonly settings: ServiceSettings;
  /** What has been started before. */
  readonly running: RunningServices;
}

/** What only some are told. */
export function givenEnvironment({ given = [] }: ServiceDefinition, around: Surroundings): Record<string, string> {
  return Object.fromEntries(given.flatMap((what) => Object.entries(variablesOf(what, around))));
}

function variablesOf(what: Given, { host, settings, running }: Surroundings): Record<string, string> {
  switch (what) {
    case 'acquirers':
      return {
        FOURWAY_ACQUIRERS: JSON.stringify(
          running.acquirers.map(({ id, isoPort, profile }) => ({ id, host: '127.0.0.1', port: isoPort, profile })),
        ),
      };
    case 'api-master-key':
      return { FOURWAY_API_MASTER_KEY: settings.apiMasterKey };
    case 'files':
      return { FOURWAY_FILES_DIR: host.folder.files };
    case 'upstreams':
      return { FOURWAY_UPSTREAMS: JSON.stringify(upstreamsOf(settings, running)) };
  }
}

const upstreamsOf = ({ table }: ServiceSettings, { services }: RunningServices): Record<string, readonly string[]> =>
  Object.fromEntries(
    table.services
      .filter(({ name, answersClients }) => answersClients === true && services.has(name))
      .map(({ name }) => [name, (services.get(name) ?? []).map(({ url }) => url)]),
  );
