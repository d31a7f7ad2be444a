import { z } from 'zod';
import { parseEnvironment, serviceConfigOf, serviceEnvironment, type ServiceConfig } from '@fourway/platform-http';
import { defaultCardLimits, type CardLimits } from '@fourway/risk';

const environment = serviceEnvironment.extend({
  FOURWAY_POSTGRES_URL: z.string().regex(/^postgres(ql)?:\/\//, 'a postgres:// URL of the role risk'),
  FOURWAY_REDIS_URL: z.string().regex(/^rediss?:\/\//, 'a redis:// URL'),
  FOURWAY_CARD_HOURLY_COUNT: z.coerce.number().int().min(1).max(1_000_000).default(defaultCardLimits.hourlyCount),
  FOURWAY_CARD_HOURLY_SUM_MINOR: z
    .string()
    .regex(/^[1-9]\d{0,14}$/, 'minor units, 1 to 15 digits')
    .default(String(defaultCardLimits.hourlySumMinor)),
});

export interface RiskScoringConfig extends ServiceConfig {
  readonly postgresUrl: string;
  readonly redisUrl: string;
  readonly cardLimits: CardLimits;
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
  };
}
