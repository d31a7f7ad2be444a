import { z } from 'zod';
import { parseEnvironment, serviceConfigOf, serviceEnvironment, type ServiceConfig } from '@fourway/platform-http';

const environment = serviceEnvironment.extend({
  FOURWAY_POSTGRES_URL: z.string().regex(/^postgres(ql)?:\/\//, 'a postgres:// URL of the role partner'),
  FOURWAY_API_MASTER_KEY: z.string().regex(/^[0-9a-f]{64}$/i, '64 hexadecimal digits'),
});

export interface PartnerConfig extends ServiceConfig {
  readonly postgresUrl: string;
  /** What every API key is derived from. */
  readonly apiMasterKey: Buffer;
}

/** @throws SwitchError `config_invalid` */
export function readConfig(): PartnerConfig {
  const env = parseEnvironment(environment, process.env);
  return {
    ...serviceConfigOf(env),
    postgresUrl: env.FOURWAY_POSTGRES_URL,
    apiMasterKey: Buffer.from(env.FOURWAY_API_MASTER_KEY, 'hex'),
  };
}
