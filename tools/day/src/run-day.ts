import {
  areOrdersComplete,
  awaitCycle,
  brokersOf,
  closeCycle,
  compareBooks,
  cycleReportOf,
  isComplete,
  play,
  playOrders,
  prepareWorld,
  startProgress,
  verifyCycleFiles,
} from '@fourway/cli';
import type { BooksReport, CycleReport, OrdersReport, PlayReport } from '@fourway/cli';
import { defined } from '@fourway/kernel';
import type { StackDescription } from '@fourway/stack';
import { createWorld, httpOrders, traffic, type World } from '@fourway/world';
import { awaitLedger } from './await-ledger.ts';
import { FailingAcquirer } from './failing-acquirer.ts';

export interface DayOptions {
  /** Over both doors. */
  readonly payments: number;
  /** Payments per second; null as fast as they are answered. */
  readonly rate: number | null;
  readonly merchants: number;
  readonly seed: number;
}

export interface DayResult {
  readonly played: PlayReport;
  readonly orders: OrdersReport;
  readonly cycle: CycleReport;
  /** The files that settlement wrote are those that the ledger gives. */
  readonly filesAgree: boolean;
  readonly books: BooksReport;
}

/** One payment in so many comes over HTTP. */
const httpShare = 10;

/** A sample day on a running stack: its world, its traffic through both doors with one failing acquirer, its cycle, and the comparison of the books. */
export async function runDay(stack: StackDescription, options: DayOptions): Promise<DayResult> {
  const world = createWorld({ seed: options.seed, merchants: options.merchants });
  await prepareWorld(stack, world);
  const { played, orders } = await playTraffic(stack, world, options);
  await awaitLedger(stack.postgres);
  const closed = await closeDay(stack);
  return { played, orders, ...closed, books: await compare(stack) };
}

/** Closes the cycle, and has its files made again from the ledger and compared with those that the service wrote. */
async function closeDay({ postgres, files }: StackDescription): Promise<Pick<DayResult, 'cycle' | 'filesAgree'>> {
  const cycleId = await closeCycle(postgres);
  const cycle = cycleReportOf(await awaitCycle(postgres, cycleId));
  const { agree } = await verifyCycleFiles({ postgresUrl: postgres, cycleId, folder: files });
  return { cycle, filesAgree: agree };
}

/** True when every payment was answered as it should be and the books agree. */
export const isGood = ({ played, orders, filesAgree, books }: DayResult): boolean =>
  books.agree && filesAgree && books.undecided.count === 0 && isComplete(played) && areOrdersComplete(orders);

async function playTraffic(
  stack: StackDescription,
  world: World,
  { payments, rate, seed }: DayOptions,
): Promise<Pick<DayResult, 'played' | 'orders'>> {
  const overHttp = Math.floor(payments / httpShare);
  const overKafka = payments - overHttp;
  const failing = new FailingAcquirer(defined(stack.acquirers.at(-1), 'an acquirer'), overKafka);
  const progress = startProgress('payments answered', payments);
  let [answered, ordered] = [0, 0];
  const playing = play({
    ...{ brokers: brokersOf(stack), items: traffic(world, { payments: overKafka, seed }) },
    ratePerSecond: rate === null ? null : (rate * (httpShare - 1)) / httpShare,
    onProgress: ({ sentItems, outcomes }) => {
      failing.sent(sentItems);
      answered = outcomes;
      progress.update(answered + ordered);
    },
  });
  const ordering = playOrders({
    ...{
      url: defined(stack.url ?? undefined, 'the front door'),
      apiMasterKey: stack.apiMasterKey,
      brokers: brokersOf(stack),
      seed,
    },
    orders: httpOrders(world, { orders: overHttp, seed }),
    ratePerSecond: rate === null ? null : rate / httpShare,
    onProgress: (ended) => {
      ordered = ended;
      progress.update(answered + ordered);
    },
  });
  const [played, orders] = await Promise.all([playing, ordering]);
  progress.stop();
  await failing.settle();
  return { played, orders };
}

const compare = (stack: StackDescription): Promise<BooksReport> =>
  compareBooks({
    ...{ postgresUrl: stack.postgres, brokers: brokersOf(stack) },
    acquirerBooks: stack.acquirers.map(({ id, book }) => ({ acquirerId: id, path: book })),
  });
