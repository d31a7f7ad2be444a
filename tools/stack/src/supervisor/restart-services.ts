import { StackError } from '../processes/errors.ts';
import { logTail } from '../processes/log-tail.ts';
import type { SupervisedProcess } from '../processes/supervised-process.ts';
import type { RunningServices } from './launch-services.ts';

/** One process replaced by another. */
export interface ReplicaRestart {
  /** `<service>-<replica>` */
  readonly name: string;
  readonly pid: number;
  /** How the old process ended; `exit 0` when it had finished everything (G13). */
  readonly ended: string;
  readonly stopMs: number;
  readonly readyMs: number;
}

const readyWithinMs = 60_000;

/** Services one after another, and of each one replica after another, so that the others answer meanwhile. */
export async function restartServices(
  { services }: RunningServices,
  names: readonly string[],
  report: (line: string) => void = () => undefined,
): Promise<readonly ReplicaRestart[]> {
  const unknown = names.filter((name) => !services.has(name));
  if (unknown.length > 0)
    throw new StackError(`There is no service ${unknown.join(', ')}; there are ${[...services.keys()].join(', ')}.`);
  const done: ReplicaRestart[] = [];
  for (const { process } of names.flatMap((name) => services.get(name) ?? [])) {
    const restart = await restartReplica(process);
    report(
      `${restart.name} ended with ${restart.ended} after ${restart.stopMs} ms and is ready as ${restart.pid} after ${restart.readyMs} ms`,
    );
    done.push(restart);
  }
  return done;
}

async function restartReplica(process: SupervisedProcess): Promise<ReplicaRestart> {
  const askedAt = Date.now();
  const ended = await process.restart();
  const endedAt = Date.now();
  const pid = await process.awaitReady(readyWithinMs);
  const { name, logFile } = process.spec;
  if (pid === undefined)
    throw new StackError(`${name} is not ready again within ${readyWithinMs / 1_000} s:\n${logTail(logFile)}`);
  return { name, pid, ended, stopMs: endedAt - askedAt, readyMs: Date.now() - endedAt };
}
