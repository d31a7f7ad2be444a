import { readFileSync, rmSync } from 'node:fs';
import { brokersOf, compareBooks, prepareWorld, rebuildHotData, type BooksReport } from '@fourway/cli';
import { topics } from '@fourway/contracts';
import { sleep, SwitchError } from '@fourway/kernel';
import type { World } from '@fourway/world';
import type { BenchArguments } from './arguments.ts';
import { measureLatency } from './latency/run-paced.ts';
import { passagesSince, waitsOf } from './latency/stage-waits.ts';
import { parseBaseline } from './parts/baseline-report.ts';
import type { BenchDatabase } from './rig/bench-database.ts';
import { HeldBackService } from './rig/held-back-service.ts';
import { redisBytes } from './rig/redis-answers.ts';
import { offsetsOf, type Rig } from './rig/rig.ts';
import { settle } from './rig/settle.ts';
import type { Baseline, DirectoryFigures, ProductLatency, ProductThroughput } from './stream-figures.ts';
import { assertAble } from './throughput/answers.ts';
import { measureThroughput } from './throughput/measure-throughput.ts';

export interface StreamProductOptions {
  readonly rig: Rig;
  readonly database: BenchDatabase;
  readonly world: World;
  readonly options: BenchArguments;
}

/** What B2 holds a day against, and from where on a run is long enough to be held against it. */
const baselinePayments = 1_000_000;
const leastForBaseline = 2_000_000;
const mebibyte = 1_048_576;

/** The product's side of the stream bench. Whichever part comes first makes the world known. */
export class StreamProduct {
  readonly #options: StreamProductOptions;
  #directory: Promise<DirectoryFigures> | null = null;

  constructor(options: StreamProductOptions) {
    this.#options = options;
  }

  async throughput(): Promise<ProductThroughput> {
    const { options } = this.#options;
    const directory = await this.#prepared();
    const baseline = await this.#baseline();
    const expectedRate = options.expectedRate ?? baseline?.perSecond ?? defaultRate;
    const samplesFile = options.json === undefined ? undefined : `${options.json}.samples.ndjson`;
    if (samplesFile !== undefined) rmSync(samplesFile, { force: true });
    const figures = await measureThroughput({
      ...{ ...this.#options, payments: options.payments, seed: options.seed, expectedRate },
      ...(samplesFile !== undefined && { samplesFile }),
    });
    assertAble(figures.answers);
    return { figures, baseline, directory, books: await this.#compare() };
  }

  async latency(): Promise<ProductLatency> {
    const { rig, database, world, options } = this.#options;
    await this.#prepared();
    const service = await HeldBackService.start(rig.stack);
    try {
      await service.ready();
      const rowsBefore = await database.posted();
      const { rate, seconds } = options;
      const figures = await measureLatency({ stack: rig.stack, database, world, rate, seconds });
      await awaitPosted(database, rowsBefore + figures.sent);
      const waits = waitsOf(await passagesSince({ stack: rig.stack, database, sinceMs: figures.measuredFromMs }));
      return { figures, waits, books: await this.#compare(), rowsBefore };
    } finally {
      await service.stop();
    }
  }

  #prepared(): Promise<DirectoryFigures> {
    return (this.#directory ??= this.#prepare());
  }

  /** The service that is held back makes its tables and takes the world over first, then leaves. */
  async #prepare(): Promise<DirectoryFigures> {
    const { rig, database, world } = this.#options;
    await assertNothingWaits(rig);
    const service = await HeldBackService.start(rig.stack);
    try {
      await service.ready();
      const before = { redis: await redisBytes(rig.stack.redis), database: (await database.sizes()).database };
      const startedMs = performance.now();
      await prepareWorld(rig.stack, world);
      const seconds = Math.round((performance.now() - startedMs) / 1_000);
      const rebuildSeconds = await rebuild(rig);
      await settle(rig.stack, database);
      return {
        ...{ merchants: world.merchantCount, seconds, rebuildSeconds },
        redisMiB: Math.round(((await redisBytes(rig.stack.redis)) - before.redis) / mebibyte),
        postgresMiB: Math.round(((await database.sizes()).database - before.database) / mebibyte),
      };
    } finally {
      await service.stop();
    }
  }

  /** Before the day on the same tables; a run too short to show growth is not held against one. */
  async #baseline(): Promise<Baseline | null> {
    const { options } = this.#options;
    if (options.baseline !== undefined)
      return parseBaseline(readFileSync(options.baseline, 'utf8'), { from: options.baseline });
    if (options.payments < leastForBaseline) return null;
    const figures = await measureThroughput({
      ...{ ...this.#options, payments: baselinePayments, seed: options.seed + 2 },
      expectedRate: options.expectedRate ?? defaultRate,
    });
    const { cpuMicrosPerPayment, perSecond } = figures;
    return { payments: baselinePayments, cpuMicrosPerPayment, perSecond, from: 'just before the day' };
  }

  #compare(): Promise<BooksReport> {
    const { stack } = this.#options.rig;
    console.log('comparing the books');
    return compareBooks({
      ...{ postgresUrl: stack.postgres, brokers: brokersOf(stack) },
      acquirerBooks: stack.acquirers.map(({ id, book }) => ({ acquirerId: id, path: book })),
    });
  }
}

/** How long the longest copy of hot data takes that the running services make anew. */
async function rebuild({ stack }: Rig): Promise<number> {
  const rebuilt = await rebuildHotData({ stack });
  return Math.max(0, ...rebuilt.map(({ seconds }) => seconds));
}

/** What a two-core machine has made, a second. */
const defaultRate = 9_000;

/** Requests that an earlier run left unread would be measured with ours, and would have expired. */
async function assertNothingWaits({ stack }: Rig): Promise<void> {
  const offsets = await offsetsOf(stack);
  const inTopic = (topic: { readonly name: string }): Promise<number> => offsets.recordsIn(topic.name);
  const answered = (await inTopic(topics.scored)) + (await inTopic(topics.refused));
  const waiting = (await inTopic(topics.requested)) - answered;
  await offsets.close();
  if (waiting > 0)
    throw new SwitchError(
      'config_invalid',
      `${waiting} requests of an earlier run wait in this stack; start a new one`,
    );
}

const postedWithinMs = 30_000;

/** A ledger that does not get there is left to the comparison to judge. */
async function awaitPosted(database: BenchDatabase, rows: number): Promise<void> {
  const untilMs = performance.now() + postedWithinMs;
  while ((await database.posted()) < rows && performance.now() < untilMs) await sleep(100);
}
