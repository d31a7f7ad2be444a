import { brokersOf, compareBooks, prepareWorld, type BooksReport } from '@fourway/cli';
import { sleep } from '@fourway/kernel';
import { createWorld, type World } from '@fourway/world';
import type { BenchArguments } from './arguments.ts';
import { measureLatency } from './latency/run-paced.ts';
import type { PacedFigures } from './latency/paced-run.ts';
import type { BenchDatabase } from './rig/bench-database.ts';
import { misnamedRedis, strangeEngines } from './rig/engine-processes.ts';
import { HeldBackService } from './rig/held-back-service.ts';
import type { Rig } from './rig/rig.ts';
import { measureThroughput, type ThroughputFigures } from './throughput/measure-throughput.ts';
import { Yardstick, type YardstickLatency, type YardstickThroughput } from './yardstick/yardstick.ts';

export interface StreamFigures {
  readonly throughput: ThroughputFigures;
  readonly latency: PacedFigures;
  readonly books: BooksReport;
  readonly rival: RivalFigures | null;
}

export interface RivalFigures {
  readonly throughput: YardstickThroughput;
  readonly latency: YardstickLatency;
  /** What the product's services did meanwhile. */
  readonly productAtRest: 'stopped' | 'idle';
  /** Engines of others on the machine: the rival's CPU figure takes them for its own. */
  readonly strangeEngines: number;
  /** True where the rival's CPU figures lack Redis, which it did not recognise. */
  readonly withoutRedis: boolean;
}

/** Long enough for the rival's percentiles, half of it warm-up. */
const rivalSeconds = 20;

/** B1 and B3: the product first, its books, then the rival on the same engines while the product rests. */
export async function streamBench(rig: Rig, database: BenchDatabase, options: BenchArguments): Promise<StreamFigures> {
  const world = createWorld({ seed: options.seed, merchants: options.merchants });
  await prepare(rig, world);
  const product = await measureProduct(rig, database, { world, options });
  const rival =
    options.yardstick === undefined ? null : await measureRival(rig, database, { ...options, path: options.yardstick });
  return { ...product, rival };
}

/** The service that is held back makes its tables and takes the world over first, then leaves. */
async function prepare({ stack }: Rig, world: World): Promise<void> {
  const service = await HeldBackService.start(stack);
  try {
    await service.ready();
    await prepareWorld(stack, world);
  } finally {
    await service.stop();
  }
}

async function measureProduct(
  rig: Rig,
  database: BenchDatabase,
  { world, options }: { world: World; options: BenchArguments },
): Promise<Omit<StreamFigures, 'rival'>> {
  const { payments, seed, rate, seconds } = options;
  const { figures, service } = await measureThroughput({ rig, database, world, payments, seed });
  try {
    const posted = await database.posted();
    const latency = await measureLatency({ stack: rig.stack, database, world, rate, seconds });
    await awaitPosted(database, posted + latency.sent);
    return { throughput: figures, latency, books: await compare(rig) };
  } finally {
    await service.stop();
  }
}

async function measureRival(
  rig: Rig,
  database: BenchDatabase,
  { path, payments, rate }: { path: string; payments: number; rate: number },
): Promise<RivalFigures> {
  const productAtRest = await rig.rest();
  const yardstick = new Yardstick(path, rig.stack);
  await database.checkpoint();
  const throughput = await yardstick.throughput(payments);
  await database.checkpoint();
  const latency = await yardstick.latency(rate, rivalSeconds);
  const { engines } = rig;
  const caveats = { strangeEngines: strangeEngines(engines), withoutRedis: misnamedRedis(engines) };
  return { throughput, latency, productAtRest, ...caveats };
}

const compare = ({ stack }: Rig): Promise<BooksReport> =>
  compareBooks({
    ...{ postgresUrl: stack.postgres, brokers: brokersOf(stack) },
    acquirerBooks: stack.acquirers.map(({ id, book }) => ({ acquirerId: id, path: book })),
  });

const postedWithinMs = 30_000;

/** A ledger that does not get there is left to the comparison to judge. */
async function awaitPosted(database: BenchDatabase, rows: number): Promise<void> {
  const untilMs = performance.now() + postedWithinMs;
  while ((await database.posted()) < rows && performance.now() < untilMs) await sleep(100);
}
