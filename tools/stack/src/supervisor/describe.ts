import { join } from 'node:path';
import type {
  AcquirerDescription,
  ProcessDescription,
  ReplicaDescription,
  ServiceDescription,
  StackDescription,
} from '../description.ts';
import type { Engine } from '../engines/engine.ts';
import type { Engines } from '../engines/launch-engines.ts';
import { databaseUrl } from '../engines/postgres-databases.ts';
import type { StackHost } from '../host.ts';
import type { SupervisedProcess } from '../processes/supervised-process.ts';
import { frontDoor } from '../services.ts';
import { repositoryRoot } from '../state-folder.ts';
import type { RunningAcquirer, RunningServices } from './launch-services.ts';
import { liveUrl, metricsUrl, readyUrl, type HttpProcess } from './service-process.ts';
import { topicNames } from './topics.ts';

export interface StackParts {
  readonly host: StackHost;
  readonly engines: Engines;
  readonly roles: Readonly<Record<string, string>>;
  readonly running: RunningServices;
  readonly apiMasterKey: string;
}

export function describeStack(
  { host, engines, roles, running, apiMasterKey }: StackParts,
  state: StackDescription['state'],
): StackDescription {
  return {
    state,
    supervisor: process.pid,
    kafka: engines.kafka.address,
    postgres: databaseUrl(engines.postgres.address),
    redis: engines.redis.address,
    roles: { ...roles },
    services: Object.fromEntries([...running.services].map(([name, replicas]) => [name, describeService(replicas)])),
    acquirers: running.acquirers.map(describeAcquirer),
    engines: {
      kafka: describeEngine(engines.kafka),
      postgres: describeEngine(engines.postgres),
      redis: describeEngine(engines.redis),
    },
    topics: [...topicNames],
    protoRoot: join(repositoryRoot, 'proto'),
    logs: host.folder.logs,
    url: running.services.get(frontDoor)?.[0]?.url ?? null,
    apiMasterKey,
    files: host.folder.files,
  };
}

function describeService(replicas: readonly HttpProcess[]): ServiceDescription {
  const described = replicas.map(describeReplica);
  const pids = described.flatMap(({ pid }) => (pid === null ? [] : [pid]));
  return { ...urlsOf(replicas[0]?.url ?? ''), pids, replicas: described };
}

function describeReplica({ url, process }: HttpProcess): ReplicaDescription {
  return { ...urlsOf(url), ...describeProcess(process) };
}

function describeAcquirer({ id, profile, isoPort, book, url, process }: RunningAcquirer): AcquirerDescription {
  return { id, profile, host: '127.0.0.1', port: isoPort, book, ...urlsOf(url), ...describeProcess(process) };
}

function describeEngine({ process }: Engine): ProcessDescription {
  return process === undefined ? { pid: null, state: 'given', restarts: 0, lastExit: null } : describeProcess(process);
}

function describeProcess({ pid, state, restarts, lastExit }: SupervisedProcess): ProcessDescription {
  return { pid: pid ?? null, state, restarts, lastExit: lastExit ?? null };
}

function urlsOf(url: string): Pick<ServiceDescription, 'url' | 'metricsUrl' | 'healthUrl' | 'liveUrl'> {
  return { url, metricsUrl: metricsUrl(url), healthUrl: readyUrl(url), liveUrl: liveUrl(url) };
}
