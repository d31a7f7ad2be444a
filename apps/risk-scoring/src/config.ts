import { z } from 'zod';
import {
  parseEnvironment,
  serviceConfigOf,
  serviceEnvironment,
  settingReadBy,
  type ServiceConfig,
} from '@fourway/platform-http';
import { parseQuotas, type Quotas } from '@fourway/payment';
import { defaultCardLimits, type CardLimits } from '@fourway/risk';

const upstreamName = { rule: '1 to 32 characters out of 0-9, a-z and -', pattern: /^[0-9a-z-]{1,32}$/ };

const environment = serviceEnvironment.extend({
  FOURWAY_POSTGRES_URL: z.string().regex(/^postgres(ql)?:\/\//, 'a postgres:// URL of the role risk'),
  FOURWAY_REDIS_URL: z.string().regex(/^rediss?:\/\//, 'a redis:// URL'),
  FOURWAY_CARD_HOURLY_COUNT: z.coerce.number().int().min(1).max(1_000_000).default(defaultCardLimits.hourlyCount),
  FOURWAY_CARD_HOURLY_SUM_MINOR: z
    .string()
    .regex(/^[1-9]\d{0,14}$/, 'minor units, 1 to 15 digits')
    .default(String(defaultCardLimits.hourlySumMinor)),
  // New payments a second by upstream_id; an upstream that is not named has no quota.
  FOURWAY_UPSTREAM_QUOTAS: settingReadBy((text) => parseQuotas(text, upstreamName)).prefault('{}'),
  // Milliseconds that operations may wait for acquirer-routing, and half of it for this service, before new payments are refused.
  // 0: they are never refused for that. Below three seconds an acquirer that is silent would look like overload: what it holds is
  // parked after one second, and committed after that.
  FOURWAY_SHED_AFTER_MS: z.coerce
    .number()
    .int()
    .max(60_000)
    .refine((ms) => ms === 0 || ms >= 3_000, 'must be 0 (off) or 3000 to 60000 milliseconds')
    .default(0),
});

export interface RiskScoringConfig extends ServiceConfig {
  readonly postgresUrl: string;
  readonly redisUrl: string;
  readonly cardLimits: CardLimits;
  /** New payments a second, over all replicas, by upstream. */
  readonly upstreamQuotas: Quotas;
  /** Milliseconds; null: never. */
  readonly shedAfterMs: number | null;
}

/** @throws SwitchError `config_invalid` */
export function readConfig(): RiskScoringConfig {
  const env = parseEnvironment(environment, process.env);
  return {
    ...serviceConfigOf(env),
    postgresUrl: env.FOURWAY_POSTGRES_URL,
    redisUrl: env.FOURWAY_REDIS_URL,
    cardLimits: {
      hourlyCount: env.FOURWAY_CARD_HOURLY_COUNT,
      hourlySumMinor: BigInt(env.FOURWAY_CARD_HOURLY_SUM_MINOR),
    },
    upstreamQuotas: env.FOURWAY_UPSTREAM_QUOTAS,
    shedAfterMs: env.FOURWAY_SHED_AFTER_MS === 0 ? null : env.FOURWAY_SHED_AFTER_MS,
  };
}
