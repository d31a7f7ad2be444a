import { brokersOf, compareBooks, play, prepareWorld, startProgress } from '@fourway/cli';
import type { BooksReport, PlayReport } from '@fourway/cli';
import { defined } from '@fourway/kernel';
import type { StackDescription } from '@fourway/stack';
import { createWorld, traffic, type World } from '@fourway/world';
import { awaitLedger } from './await-ledger.ts';
import { FailingAcquirer } from './failing-acquirer.ts';

export interface DayOptions {
  readonly payments: number;
  /** Payments per second; null as fast as they are answered. */
  readonly rate: number | null;
  readonly merchants: number;
  readonly seed: number;
}

export interface DayResult {
  readonly played: PlayReport;
  readonly books: BooksReport;
}

/** A sample day on a running stack: its world, its traffic with one failing acquirer, and the comparison of the books. */
export async function runDay(stack: StackDescription, options: DayOptions): Promise<DayResult> {
  const world = createWorld({ seed: options.seed, merchants: options.merchants });
  await prepareWorld(stack, world);
  const played = await playTraffic(stack, world, options);
  await awaitLedger(stack.postgres, played.payments.authorized);
  return { played, books: await compare(stack) };
}

async function playTraffic(
  stack: StackDescription,
  world: World,
  { payments, rate, seed }: DayOptions,
): Promise<PlayReport> {
  const failing = new FailingAcquirer(defined(stack.acquirers.at(-1), 'an acquirer'), payments);
  const progress = startProgress('payments answered', payments);
  const played = await play({
    ...{ brokers: brokersOf(stack), items: traffic(world, { payments, seed }), ratePerSecond: rate },
    onProgress: ({ sentItems, outcomes }) => {
      failing.sent(sentItems);
      progress.update(outcomes);
    },
  });
  progress.stop();
  await failing.settle();
  return played;
}

const compare = (stack: StackDescription): Promise<BooksReport> =>
  compareBooks({
    ...{ postgresUrl: stack.postgres, brokers: brokersOf(stack) },
    acquirerBooks: stack.acquirers.map(({ id, book }) => ({ acquirerId: id, path: book })),
  });
