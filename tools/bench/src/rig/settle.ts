import { sleep, SwitchError } from '@fourway/kernel';
import type { StackDescription } from '@fourway/stack';
import type { BenchDatabase } from './bench-database.ts';
import { redisRewrites } from './redis-answers.ts';

const lookMs = 250;
const mostMs = 600_000;

/**
 * Waits until what loading a world left behind is done, so that no payment pays for it: vacuum, checkpoint, Redis' append-only file.
 * @throws SwitchError `stalled` when Redis is not through after ten minutes
 */
export async function settle({ redis }: Pick<StackDescription, 'redis'>, database: BenchDatabase): Promise<void> {
  console.log('waiting for vacuum, checkpoint and append-only file after the load');
  await database.vacuum();
  await database.checkpoint();
  const untilMs = performance.now() + mostMs;
  while (await redisRewrites(redis)) {
    if (performance.now() > untilMs)
      throw new SwitchError('stalled', 'Redis rewrites its append-only file for ten minutes');
    await sleep(lookMs);
  }
}
