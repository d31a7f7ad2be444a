import { pino, type DestinationStream, type Logger as PinoLogger } from 'pino';

export type Logger = Pick<PinoLogger, 'debug' | 'info' | 'warn' | 'error' | 'fatal'>;

/** Paths that may hold what must never be written. Code does not log these; the redaction is the second net. */
const redactedPaths = [
  'cardToken',
  'card_token',
  'pan',
  'cvv',
  'pin',
  'track2',
  'password',
  'secret',
  'authorization',
  'cookie',
].flatMap((name) => [name, `*.${name}`, `*.*.${name}`]);

/**
 * JSON lines to standard output, one process's name on each; ERROR and above means a person should look.
 * @param level pino's level name
 */
export function createLogger(service: string, level = 'info', destination?: DestinationStream): PinoLogger {
  const options = {
    level,
    base: { service },
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    formatters: { level: (label: string) => ({ level: label }) },
    redact: { paths: redactedPaths, censor: '[redacted]' },
  };
  return destination === undefined ? pino(options) : pino(options, destination);
}
