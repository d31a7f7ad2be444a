import type { StackHost } from '../host.ts';
import { messageOf, StackError } from '../processes/errors.ts';
import { logTail } from '../processes/log-tail.ts';
import { waitUntil } from '../processes/wait.ts';
import type { Engine, EngineName } from './engine.ts';
import { startKafka } from './kafka.ts';
import { startPostgres } from './postgres.ts';
import { startRedis } from './redis.ts';

const readyWithinMs = 60_000;

export type Engines = Readonly<Record<EngineName, Engine>>;

/** Starts all three and returns when each answers. What was started before a failure goes with the host. */
export async function launchEngines(host: StackHost): Promise<Engines> {
  const [kafka, postgres, redis] = await allOrFailures([startKafka(host), startPostgres(host), startRedis(host)]);
  await Promise.all([kafka, postgres, redis].map(awaitReady));
  return { kafka, postgres, redis };
}

/** Waits for all, so that nothing starts after a failure has been reported; then tells every failure, not the first. */
async function allOrFailures(
  starting: readonly [Promise<Engine>, Promise<Engine>, Promise<Engine>],
): Promise<readonly [Engine, Engine, Engine]> {
  const results = await Promise.allSettled(starting);
  const failures = results.flatMap((result) => (result.status === 'rejected' ? [messageOf(result.reason)] : []));
  if (failures.length > 0) throw new StackError(failures.join('\n'));
  return await Promise.all(starting);
}

async function awaitReady({ name, process: supervised }: Engine): Promise<void> {
  if (supervised === undefined) return;
  if (await waitUntil(() => supervised.state === 'ready', readyWithinMs)) return;
  throw new StackError(
    `${name} did not answer within ${readyWithinMs / 1_000} s. It last said:\n${logTail(supervised.spec.logFile)}`,
  );
}
