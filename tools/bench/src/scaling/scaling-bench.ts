import { brokersOf, compareBooks, prepareWorld, verdictOf, type BooksReport } from '@fourway/cli';
import { createWorld, type World } from '@fourway/world';
import type { BenchArguments } from '../arguments.ts';
import { BenchDatabase } from '../rig/bench-database.ts';
import { HeldBackService } from '../rig/held-back-service.ts';
import { openRig, type Rig } from '../rig/rig.ts';
import { settle } from '../rig/settle.ts';
import { measureThroughput, type ThroughputFigures } from '../throughput/measure-throughput.ts';
import { measureRebalance, type RebalanceFigures } from './measure-rebalance.ts';

/** One stack with so many replicas of each stage. */
export interface ScalingPoint {
  readonly replicas: number;
  readonly throughput: ThroughputFigures;
  readonly rebalance: RebalanceFigures;
  readonly books: BooksReport;
  readonly booksAgree: boolean;
}

const expectedRate = 6_000;

/**
 * What more replicas cost. On the cores of one machine they cannot make more: what grows is the price of splitting batches, of
 * more members in a group and more connections. Each count has a stack of its own.
 */
export async function scalingBench(
  options: BenchArguments,
  onPoint: (point: ScalingPoint) => void,
): Promise<ScalingPoint[]> {
  const points: ScalingPoint[] = [];
  for (const replicas of options.replicas) {
    console.log(
      `\n${replicas} ${replicas === 1 ? 'replica' : 'replicas'} of risk-scoring, acquirer-routing and settlement`,
    );
    const point = await measurePoint(options, replicas);
    points.push(point);
    onPoint(point);
  }
  return points;
}

async function measurePoint(options: BenchArguments, replicas: number): Promise<ScalingPoint> {
  const { stateDir, seed, merchants, payments } = options;
  const rig = await openRig({ stateDir, replicas: { 'acquirer-routing': replicas, settlement: replicas } });
  const database = new BenchDatabase(rig.stack);
  try {
    const world = createWorld({ seed, merchants });
    await prepare(rig, world);
    await settle(rig.stack, database);
    const measured = { rig, database, world, payments, replicas, expectedRate: options.expectedRate ?? expectedRate };
    const throughput = await measureThroughput({ ...measured, seed });
    const rebalance = await measureRebalance({ ...measured, seed: seed + 1 });
    const books = await compare(rig);
    console.log(verdictOf(books));
    return { replicas, throughput, rebalance, books, booksAgree: books.agree && books.undecided.count === 0 };
  } finally {
    await database.close();
    await rig.close();
  }
}

async function prepare({ stack }: Rig, world: World): Promise<void> {
  const service = await HeldBackService.start(stack);
  try {
    await service.ready();
    await prepareWorld(stack, world);
  } finally {
    await service.stop();
  }
}

const compare = ({ stack }: Rig): Promise<BooksReport> =>
  compareBooks({
    ...{ postgresUrl: stack.postgres, brokers: brokersOf(stack) },
    acquirerBooks: stack.acquirers.map(({ id, book }) => ({ acquirerId: id, path: book })),
  });
