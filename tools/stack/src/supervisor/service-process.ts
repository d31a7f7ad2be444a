import { join } from 'node:path';
import type { StackHost, Tier } from '../host.ts';
import type { SupervisedProcess } from '../processes/supervised-process.ts';
import { repositoryRoot } from '../state-folder.ts';

/** A Node process with the operations endpoints `/healthz`, `/readyz` and `/metrics`, on a port it keeps across restarts. */
export interface HttpProcess {
  readonly url: string;
  readonly process: SupervisedProcess;
}

export interface HttpProcessOptions {
  readonly tier: Tier;
  /** Names the log file and the process in reports. */
  readonly name: string;
  readonly entry: string;
  readonly port: number;
  readonly env: Readonly<Record<string, string>>;
}

/**
 * How Node runs a service. What is in flight lives for some tenths of a second: in a young generation of the default size it is copied again
 * and again and then becomes old, which garbage collection in the old generation pays for.
 */
export const nodeArguments = ['--enable-source-maps', '--max-semi-space-size=32'] as const;

// A service finishes its work within 20 s of SIGTERM (G13).
const stopGraceMs = 22_000;
const ours = [
  'FOURWAY_KAFKA',
  'FOURWAY_POSTGRES_URL',
  'FOURWAY_REDIS_URL',
  'FOURWAY_API_MASTER_KEY',
  'FOURWAY_TEST_ENGINES',
];

export function superviseService(host: StackHost, { tier, name, entry, port, env }: HttpProcessOptions): HttpProcess {
  const url = `http://127.0.0.1:${port}`;
  const supervised = host.supervise(tier, {
    name,
    command: process.execPath,
    args: [...nodeArguments, join(repositoryRoot, entry)],
    cwd: repositoryRoot,
    env: { ...inheritedEnvironment(), FOURWAY_HTTP_PORT: String(port), ...env },
    logFile: join(host.folder.logs, `${name}.log`),
    stopSignal: 'SIGTERM',
    stopGraceMs,
    isReady: () => answersOk(readyUrl(url)),
  });
  return { url, process: supervised };
}

export const readyUrl = (url: string): string => `${url}/readyz`;
export const liveUrl = (url: string): string => `${url}/healthz`;
export const metricsUrl = (url: string): string => `${url}/metrics`;

/** A service gets its own role's database only, never the superuser's URL a developer may have in the environment. */
function inheritedEnvironment(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !ours.includes(name)));
}

async function answersOk(url: string): Promise<boolean> {
  const response = await fetch(url, { signal: AbortSignal.timeout(2_000) });
  await response.arrayBuffer();
  return response.status === 200;
}
