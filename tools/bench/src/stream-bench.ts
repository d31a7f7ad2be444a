import { join } from 'node:path';
import { commit } from '@fourway/day';
import { createWorld } from '@fourway/world';
import type { BenchArguments } from './arguments.ts';
import { BenchParts, type PartsKey } from './parts/bench-parts.ts';
import type { BenchDatabase } from './rig/bench-database.ts';
import type { Rig } from './rig/rig.ts';
import { StreamProduct } from './stream-product.ts';
import type { StreamFigures } from './stream-figures.ts';
import { StreamRival } from './yardstick/stream-rival.ts';

/** The figures' file in a state folder: what `--resume` goes on from. */
export const partsOf = (options: BenchArguments): BenchParts => {
  const file = join(options.stateDir, 'bench-parts.json');
  return options.resume ? BenchParts.resumed(file, keyOf(options)) : BenchParts.fresh(file, keyOf(options));
};

const keyOf = ({ payments, merchants, seed, rate, seconds, yardstick }: BenchArguments): PartsKey => ({
  ...{ commit: commit(), payments, merchants, seed, rate, seconds, yardstick: yardstick ?? 'none' },
});

/**
 * B1, B2, B3 and B5: the product first, its books, then the rival on the same engines while the product rests. The two paced runs stand
 * next to each other, so that the machine is the same for both.
 */
export async function streamBench(
  rig: Rig,
  database: BenchDatabase,
  { options, parts }: { options: BenchArguments; parts: BenchParts },
): Promise<StreamFigures> {
  const resumed = parts.done;
  if (resumed.length > 0) console.log(`resumed: figures of ${resumed.join(', ')} are taken from the interrupted run`);
  const world = createWorld({ seed: options.seed, merchants: options.merchants });
  const product = new StreamProduct({ rig, database, world, options });
  const throughput = await parts.figuresOf('throughput', () => product.throughput());
  const latency = await parts.figuresOf('latency', () => product.latency());
  if (options.yardstick === undefined) return { throughput, latency, rival: null, resumed };
  const rival = new StreamRival(options.yardstick, rig, database);
  const paced = await parts.figuresOf('rivalLatency', () => rival.latency(options.rate));
  const filled = await parts.figuresOf('rivalThroughput', () => rival.throughput(options.payments));
  return { throughput, latency, rival: { throughput: filled, latency: paced }, resumed };
}
