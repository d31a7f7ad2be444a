import { z } from 'zod';
import { parseEnvironment, serviceEnvironment } from '@fourway/platform-http';
import { routes } from './route-table.ts';

const origin = z.url({ protocol: /^http$/ }).transform((url) => new URL(url).origin);

const upstreams = z
  .string()
  .transform((text, context) => {
    try {
      return z.unknown().parse(JSON.parse(text));
    } catch {
      context.addIssue({ code: 'custom', message: 'not JSON' });
      return z.NEVER;
    }
  })
  .pipe(z.partialRecord(z.enum(routes.map(({ service }) => service)), z.array(origin)));

const environment = serviceEnvironment.omit({ FOURWAY_KAFKA: true }).extend({
  /** `{"qr-payment": ["http://127.0.0.1:20001", …], …}`: every replica, running or not. */
  FOURWAY_UPSTREAMS: upstreams,
  /** How long a replica may take to begin its answer; callers wait 10 s for an outcome. */
  FOURWAY_ANSWER_TIMEOUT_MS: z.coerce.number().int().min(100).max(120_000).default(20_000),
});

export interface FrontDoorConfig {
  readonly service: string;
  readonly httpHost: string;
  readonly httpPort: number;
  readonly logLevel: string;
  readonly drainMs: number;
  readonly answerTimeoutMs: number;
  readonly upstreams: Readonly<Record<string, readonly string[]>>;
}

/** @throws SwitchError `config_invalid` */
export function readConfig(variables: NodeJS.ProcessEnv = process.env): FrontDoorConfig {
  const env = parseEnvironment(environment, variables);
  return {
    service: env.FOURWAY_SERVICE,
    httpHost: env.FOURWAY_HTTP_HOST,
    httpPort: env.FOURWAY_HTTP_PORT,
    logLevel: env.FOURWAY_LOG_LEVEL,
    drainMs: env.FOURWAY_DRAIN_MS,
    answerTimeoutMs: env.FOURWAY_ANSWER_TIMEOUT_MS,
    upstreams: Object.fromEntries(Object.entries(env.FOURWAY_UPSTREAMS).map(([service, urls = []]) => [service, urls])),
  };
}
