import { isoProfileNames } from '@fourway/iso8583';
import { parseEnvironment, serviceConfigOf, serviceEnvironment, type ServiceConfig } from '@fourway/platform-http';
import { z } from 'zod';
import type { AcquirerAddress } from './acquirers/acquirer-links.ts';
import type { RetentionHorizons } from './retention/horizons.ts';

const acquirers = z.array(
  z.object({
    id: z.string().regex(/^\d{8}$/, 'an IIN has 8 digits'),
    host: z.string().min(1),
    port: z.number().int().min(1).max(65_535),
    profile: z.enum(isoProfileNames).default('iso87a'),
  }),
);

const environment = serviceEnvironment.extend({
  FOURWAY_POSTGRES_URL: z.url({ protocol: /^postgres(ql)?$/ }),
  FOURWAY_REDIS_URL: z.url({ protocol: /^rediss?$/ }),
  FOURWAY_ACQUIRERS: z
    .string()
    .transform((text, context) => {
      try {
        return JSON.parse(text) as unknown;
      } catch {
        context.addIssue('not JSON; expected [{"id":"48020000","host":"127.0.0.1","port":9000,"profile":"iso87a"}]');
        return z.NEVER;
      }
    })
    .pipe(acquirers),
  FOURWAY_ANSWER_TIMEOUT_MS: z.coerce.number().int().min(100).max(30_000).default(5_000),
  FOURWAY_SEND_WINDOW_MS: z.coerce.number().int().min(50).max(10_000).default(1_000),
  FOURWAY_PARK_AFTER_MS: z.coerce.number().int().min(50).max(10_000).default(1_000),
  FOURWAY_EARLY_FOR_MS: z.coerce.number().int().min(1_000).max(600_000).default(60_000),
  FOURWAY_CLAIM_HORIZON_DAYS: z.coerce.number().int().min(1).max(400).default(35),
  FOURWAY_OUTCOME_HORIZON_DAYS: z.coerce.number().int().min(1).max(3_650).default(400),
  FOURWAY_ACQUIRER_MAX_IN_FLIGHT: z.coerce.number().int().min(1).max(100_000).default(10_000),
});

export interface RoutingConfig extends ServiceConfig, RetentionHorizons {
  readonly postgresUrl: string;
  readonly redisUrl: string;
  readonly acquirers: readonly AcquirerAddress[];
  readonly answerTimeoutMs: number;
  readonly sendWindowMs: number;
  readonly parkAfterMs: number;
  /** How long an operation waits for a payment that is not there, milliseconds. */
  readonly earlyForMs: number;
  readonly acquirerMaxInFlight: number;
}

/** The only place where this service reads its environment. */
export function readConfig(): RoutingConfig {
  const env = parseEnvironment(environment, process.env);
  return {
    ...serviceConfigOf(env),
    postgresUrl: env.FOURWAY_POSTGRES_URL,
    redisUrl: env.FOURWAY_REDIS_URL,
    acquirers: env.FOURWAY_ACQUIRERS,
    answerTimeoutMs: env.FOURWAY_ANSWER_TIMEOUT_MS,
    sendWindowMs: env.FOURWAY_SEND_WINDOW_MS,
    parkAfterMs: env.FOURWAY_PARK_AFTER_MS,
    earlyForMs: env.FOURWAY_EARLY_FOR_MS,
    claimHorizonDays: env.FOURWAY_CLAIM_HORIZON_DAYS,
    outcomeHorizonDays: env.FOURWAY_OUTCOME_HORIZON_DAYS,
    acquirerMaxInFlight: env.FOURWAY_ACQUIRER_MAX_IN_FLIGHT,
  };
}
