import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { brokersOf, grouped } from '@fourway/cli';
import { SwitchError } from '@fourway/kernel';
import type { StackDescription } from '@fourway/stack';
import type { World } from '@fourway/world';
import { endWithUs } from '../processes/end-with-us.ts';
import type { BenchDatabase } from '../rig/bench-database.ts';
import { pacedFiguresSchema, type PacedFigures, type PacedRequest } from './paced-run.ts';

/** Compiled: a plain Node process runs it. */
const program = fileURLToPath(new URL('../../dist/latency/paced-player.js', import.meta.url));

export interface PacedOptions {
  readonly stack: StackDescription;
  readonly database: BenchDatabase;
  readonly world: World;
  readonly rate: number;
  readonly seconds: number;
}

/**
 * B3: payments at a steady rate, from the time one was due to its outcome read, by one process of its own.
 * @throws SwitchError `stalled` when an outcome is missing: a latency that leaves some out says nothing
 */
export async function measureLatency({ stack, database, world, rate, seconds }: PacedOptions): Promise<PacedFigures> {
  await database.checkpoint();
  const ends = [...(await database.postedOffsets())];
  const request: PacedRequest = {
    ...{ brokers: brokersOf(stack), rate, seconds, seed: world.seed, merchants: world.merchantCount },
    outcomesFrom: ends.map(([partition, offset]) => ({ partition, offset: String(offset) })),
  };
  console.log(`paced at ${grouped(rate)}/s for ${seconds} s, the first half is warm-up`);
  const child = fork(program, [JSON.stringify(request)], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  endWithUs(child);
  let answer: unknown;
  child.on('message', (message) => (answer = message));
  await once(child, 'close');
  const figures = pacedFiguresSchema.safeParse(answer);
  if (!figures.success) throw new SwitchError('stalled', 'the paced player ended without figures');
  const { sent, seen } = figures.data;
  if (seen !== sent)
    throw new SwitchError('stalled', `${grouped(sent - seen)} of ${grouped(sent)} outcomes are missing`);
  return figures.data;
}
