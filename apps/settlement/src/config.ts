import { z } from 'zod';
import { parseEnvironment, serviceConfigOf, serviceEnvironment, type ServiceConfig } from '@fourway/platform-http';

const environment = serviceEnvironment.extend({
  FOURWAY_POSTGRES_URL: z.string().regex(/^postgres(ql)?:\/\//, 'a postgres:// URL of the role settlement'),
  FOURWAY_FILES_DIR: z.string().min(1).default('.fourway/files'),
  FOURWAY_DIRECTORY_DEADLINE_MS: z.coerce.number().int().min(100).max(30_000).default(10_000),
});

export interface SettlementConfig extends ServiceConfig {
  readonly postgresUrl: string;
  /** Folder of the settlement files, the same for all replicas. */
  readonly filesFolder: string;
  /** How long an outcome waits for the fee contract it names before it is set aside. */
  readonly directoryDeadlineMs: number;
}

/** @throws SwitchError `config_invalid` */
export function readConfig(): SettlementConfig {
  const env = parseEnvironment(environment, process.env);
  return {
    ...serviceConfigOf(env),
    postgresUrl: env.FOURWAY_POSTGRES_URL,
    filesFolder: env.FOURWAY_FILES_DIR,
    directoryDeadlineMs: env.FOURWAY_DIRECTORY_DEADLINE_MS,
  };
}
