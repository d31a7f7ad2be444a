import { z } from 'zod';
import { parseQuotas, type Quotas } from '@fourway/payment';
import {
  parseEnvironment,
  serviceConfigOf,
  serviceEnvironment,
  settingReadBy,
  type ServiceConfig,
} from '@fourway/platform-http';

const principal = {
  rule: 'merchant:<15 digits> or wallet:<name>',
  pattern: /^(merchant:[1-9]\d{14}|wallet:[0-9A-Za-z_-]{1,32})$/,
};

const environment = serviceEnvironment.extend({
  FOURWAY_POSTGRES_URL: z.string().regex(/^postgres(ql)?:\/\//, 'a postgres:// URL of the role payment'),
  FOURWAY_REDIS_URL: z.string().regex(/^rediss?:\/\//, 'a redis:// URL'),
  FOURWAY_API_MASTER_KEY: z.string().regex(/^[0-9a-fA-F]{64}$/, '64 hex digits'),
  FOURWAY_CALLER_WAIT_MS: z.coerce.number().int().min(0).max(12_000).default(10_000),
  FOURWAY_RESEND_AFTER_MS: z.coerce.number().int().min(100).max(60_000).default(5_000),
  // New orders or payments a second by principal, of this replica; a principal that is not named has no quota.
  FOURWAY_PRINCIPAL_QUOTAS: settingReadBy((text) => parseQuotas(text, principal)).prefault('{}'),
  // As in risk-scoring: milliseconds that operations may wait for acquirer-routing before new payments are turned away. 0: never.
  FOURWAY_SHED_AFTER_MS: z.coerce
    .number()
    .int()
    .max(60_000)
    .refine((ms) => ms === 0 || ms >= 3_000, 'must be 0 (off) or 3000 to 60000 milliseconds')
    .default(0),
  FOURWAY_BREAKPOINT: z.enum(['', 'after-commit']).default(''),
  NODE_ENV: z.string().default(''),
});

export interface QrPaymentConfig extends ServiceConfig {
  readonly postgresUrl: string;
  readonly redisUrl: string;
  /** The key all API keys are derived from. */
  readonly apiMasterKey: Buffer;
  /** How long a payer's app waits for its outcome before it is told to query. */
  readonly callerWaitMs: number;
  /** How old a request without an outcome is when it is sent again. */
  readonly resendAfterMs: number;
  /** Requests a second at this replica, by principal. */
  readonly principalQuotas: Quotas;
  /** How long operations may wait on the path before new payments are refused; null: any time. */
  readonly shedAfterMs: number | null;
  /** Where this process kills itself, for tests; null in production whatever the environment says. */
  readonly breakpoint: 'after-commit' | null;
}

/** @throws SwitchError `config_invalid` */
export function readConfig(): QrPaymentConfig {
  const env = parseEnvironment(environment, process.env);
  return {
    ...serviceConfigOf(env),
    postgresUrl: env.FOURWAY_POSTGRES_URL,
    redisUrl: env.FOURWAY_REDIS_URL,
    apiMasterKey: Buffer.from(env.FOURWAY_API_MASTER_KEY, 'hex'),
    callerWaitMs: env.FOURWAY_CALLER_WAIT_MS,
    resendAfterMs: env.FOURWAY_RESEND_AFTER_MS,
    principalQuotas: env.FOURWAY_PRINCIPAL_QUOTAS,
    shedAfterMs: env.FOURWAY_SHED_AFTER_MS === 0 ? null : env.FOURWAY_SHED_AFTER_MS,
    breakpoint: env.NODE_ENV === 'production' || env.FOURWAY_BREAKPOINT === '' ? null : env.FOURWAY_BREAKPOINT,
  };
}
