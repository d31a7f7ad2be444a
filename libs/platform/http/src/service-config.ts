import { z } from 'zod';
import { SwitchError } from '@fourway/kernel';

/** The settings every service takes from its environment. */
export const serviceEnvironment = z.object({
  FOURWAY_SERVICE: z.string().min(1),
  FOURWAY_REPLICA: z.coerce.number().int().min(0).default(0),
  FOURWAY_HTTP_HOST: z.string().default('127.0.0.1'),
  FOURWAY_HTTP_PORT: z.coerce.number().int().min(1).max(65_535),
  FOURWAY_DRAIN_MS: z.coerce.number().int().min(0).max(5_000).default(1_500),
  FOURWAY_LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error']).default('info'),
  FOURWAY_KAFKA: z.string().regex(/^[^:,]+:\d+(,[^:,]+:\d+)*$/, 'host:port, several separated by commas'),
});

/** A setting that is read by a function of ours: what that throws is the rule that the setting breaks. */
export const settingReadBy = <T>(read: (text: string) => T): z.ZodPipe<z.ZodString, z.ZodTransform<T, string>> =>
  z.string().transform((text, context) => {
    try {
      return read(text);
    } catch (error) {
      context.addIssue(error instanceof Error ? error.message : String(error));
      return z.NEVER;
    }
  });

export interface ServiceConfig {
  readonly service: string;
  readonly replica: number;
  readonly httpHost: string;
  readonly httpPort: number;
  /** How long requests are still taken after SIGTERM, so that the front door sees it first; 0 where none are. */
  readonly drainMs: number;
  readonly logLevel: string;
  readonly kafkaBrokers: readonly string[];
}

/** The part of a parsed environment that is the same in every service. */
export const serviceConfigOf = (env: z.infer<typeof serviceEnvironment>): ServiceConfig => ({
  service: env.FOURWAY_SERVICE,
  replica: env.FOURWAY_REPLICA,
  httpHost: env.FOURWAY_HTTP_HOST,
  httpPort: env.FOURWAY_HTTP_PORT,
  drainMs: env.FOURWAY_DRAIN_MS,
  logLevel: env.FOURWAY_LOG_LEVEL,
  kafkaBrokers: env.FOURWAY_KAFKA.split(','),
});

/**
 * Parses an environment by one schema, before anything starts.
 * @throws SwitchError `config_invalid`, naming every variable at fault and its rule, never a value
 */
export function parseEnvironment<T extends z.ZodType>(schema: T, environment: NodeJS.ProcessEnv): z.infer<T> {
  const parsed = schema.safeParse(environment);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  throw new SwitchError('config_invalid', `the environment is incomplete or wrong:\n  ${faults.join('\n  ')}`);
}
