import { topics } from '@fourway/contracts';
import { defined, sleep, SwitchError } from '@fourway/kernel';
import type { World } from '@fourway/world';
import type { BenchDatabase } from '../rig/bench-database.ts';
import { HeldBackService } from '../rig/held-back-service.ts';
import { offsetsOf, type Rig } from '../rig/rig.ts';
import type { EndOffsetReader } from '@fourway/platform-stream';
import { isComplete } from '../throughput/watch-ledger.ts';
import { RequestFeed } from '../throughput/request-feed.ts';
import { longestPauseMs, type Reading } from './longest-pause.ts';

export interface RebalanceOptions {
  readonly rig: Rig;
  readonly database: BenchDatabase;
  readonly world: World;
  readonly payments: number;
  readonly replicas: number;
  readonly seed: number;
  readonly expectedRate: number;
}

export interface RebalanceFigures {
  /** The longest time without a new outcome after the replica was told to leave, until all were through. */
  readonly longestPauseMs: number;
  /** The same before it was told, for comparison. */
  readonly pauseBeforeMs: number;
}

const lookMs = 40;
const disturbedService = 'acquirer-routing';
const mostMs = 180_000;

/** How long payments stand still when a replica leaves under load and comes back: told by SIGTERM, started again by the supervisor. */
export async function measureRebalance(options: RebalanceOptions): Promise<RebalanceFigures> {
  const { rig, database, payments, replicas } = options;
  const feed = new RequestFeed(rig.stack, options);
  const offsets = await offsetsOf(rig.stack);
  const before = await offsets.recordsIn(topics.outcomes.name);
  const outcomesBefore = await database.countOf('routing.outcome');
  let service: HeldBackService | undefined;
  try {
    await feed.preload();
    service = await HeldBackService.start(rig.stack, replicas);
    await service.ready();
    const readings = await disturb(options, { offsets, before });
    await awaitComplete({ database, outcomesBefore, payments });
    return {
      longestPauseMs: longestPauseMs(readings.after),
      pauseBeforeMs: longestPauseMs(readings.before.filter(({ count }) => count > 0)),
    };
  } finally {
    await service?.stop();
    await feed.close();
    await offsets.close();
  }
}

/** Reads how many outcomes there are until all are; tells a replica to leave when a third is through. */
async function disturb(
  { rig, payments }: RebalanceOptions,
  { offsets, before }: { offsets: EndOffsetReader; before: number },
): Promise<{ before: Reading[]; after: Reading[] }> {
  const readings = { before: [] as Reading[], after: [] as Reading[] };
  const pid = defined(rig.stack.services[disturbedService]?.pids.at(-1), disturbedService);
  const untilMs = performance.now() + mostMs;
  let isTold = false;
  for (let count = 0; count < payments; await sleep(lookMs)) {
    count = (await offsets.recordsIn(topics.outcomes.name)) - before;
    (isTold ? readings.after : readings.before).push({ atMs: performance.now(), count });
    if (!isTold && count > payments / 3) {
      process.kill(pid, 'SIGTERM');
      isTold = true;
    }
    if (performance.now() > untilMs)
      throw new SwitchError(
        'stalled',
        `${count} of ${payments} outcomes after ${mostMs / 1_000} s with a replica restarted`,
      );
  }
  return readings;
}

/** Some outcomes are published twice when a replica leaves, so their number does not say that all are there. */
async function awaitComplete(run: Parameters<typeof isComplete>[0]): Promise<void> {
  const untilMs = performance.now() + mostMs;
  while (!(await isComplete(run))) {
    if (performance.now() > untilMs)
      throw new SwitchError('stalled', `payments are missing ${mostMs / 1_000} s after a replica was restarted`);
    await sleep(500);
  }
}
