import { join } from 'node:path';
import type { StackHost } from '../host.ts';
import { messageOf, StackError } from '../processes/errors.ts';
import type { ProcessSpec, SupervisedProcess } from '../processes/supervised-process.ts';

export type EngineName = 'kafka' | 'postgres' | 'redis';

/** A running engine. `process` is absent when it was given to us and is not ours to restart. */
export interface Engine {
  readonly name: EngineName;
  /** `host:port` for Kafka, a superuser's URL for PostgreSQL, a URL for Redis. */
  readonly address: string;
  readonly process?: SupervisedProcess;
}

/** An engine from the environment. */
export async function givenEngine(engine: Engine, answers: () => Promise<boolean>): Promise<Engine> {
  const failure = await answers().then((yes) => (yes ? undefined : 'it does not answer'), messageOf);
  if (failure === undefined) return engine;
  throw new StackError(
    `The environment names a ${engine.name} that cannot be used: ${failure}. Start it, or unset ${settings[engine.name]} to have one started.`,
  );
}

const settings = { kafka: 'FOURWAY_KAFKA', postgres: 'FOURWAY_POSTGRES_URL', redis: 'FOURWAY_REDIS_URL' };

type EngineProcess = Omit<ProcessSpec, 'name' | 'logFile' | 'stopGraceMs'>;

export function superviseEngine(name: EngineName, host: StackHost, spec: EngineProcess): SupervisedProcess {
  return host.supervise('engine', {
    name,
    logFile: join(host.folder.logs, `${name}.log`),
    stopGraceMs: 5_000,
    ...spec,
  });
}
