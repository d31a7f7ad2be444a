import type { World } from '@fourway/world';
import { growthOf, ratesOverTime, type RatePoint, type RunGrowth } from '../figures/run-growth.ts';
import { ratesOf, type ProgressRates } from '../figures/progress-curve.ts';
import { ReplicaShares } from '../processes/replica-shares.ts';
import { cpuMicrosOf, cpuPerPayment, type ProcessGroups } from '../processes/process-table.ts';
import type { BenchDatabase } from '../rig/bench-database.ts';
import { HeldBackService } from '../rig/held-back-service.ts';
import { groupsOf, heldBack, type Rig } from '../rig/rig.ts';
import { RunWatch } from '../sampling/run-watch.ts';
import { answersOf, countOf, type AnswerCounts } from './answers.ts';
import { firstScoredMs } from './first-scored.ts';
import type { Participants } from './participants.ts';
import { RequestFeed } from './request-feed.ts';
import { watchLedger } from './watch-ledger.ts';

export interface ThroughputFigures extends ProgressRates {
  readonly payments: number;
  readonly participants: Participants;
  readonly cpuMicrosPerPayment: Readonly<Record<string, number>>;
  /** The first request was consumed somewhere in between; the clock starts at the earlier of the two, which never flatters. */
  readonly readyToFirstScoredMs: number;
  /** Each replica's part of its service's CPU, of services with several. */
  readonly cpuShareOfReplicas: Readonly<Record<string, readonly number[]>>;
  readonly postgresBytesPerPayment: number;
  readonly postgresBytesByTable: Readonly<Record<string, number>>;
  /** Requests that were in the topic before the clock started; those after would have expired waiting. */
  readonly preloaded: number;
  /** Outcomes by status and response code. */
  readonly answers: AnswerCounts;
  /** Outcomes that were published more than once; they are not counted. */
  readonly answeredAgain: number;
  readonly growth: RunGrowth;
  /** Payments a second through each stage, since the first sample. */
  readonly curve: Readonly<Record<'scored' | 'decided' | 'posted', readonly RatePoint[]>>;
}

export interface ThroughputOptions {
  readonly rig: Rig;
  readonly database: BenchDatabase;
  readonly world: World;
  readonly payments: number;
  readonly seed: number;
  /** Payments a second that requests are dated for. */
  readonly expectedRate: number;
  /** Where samples go as they come. */
  readonly samplesFile?: string;
  /** Of the service that is held back; default 1. */
  readonly replicas?: number;
}

/**
 * B1: the input is there, then the first service is started; the clock runs from the first request to the last ledger row.
 * @throws SwitchError `stalled` when a payment expired, was refused, or is missing
 */
export async function measureThroughput(options: ThroughputOptions): Promise<ThroughputFigures> {
  const feed = new RequestFeed(options.rig.stack, options);
  try {
    const preloaded = await feed.preload();
    await options.database.checkpoint();
    return { ...(await measureRun(options, feed)), preloaded };
  } finally {
    await feed.close();
  }
}

async function measureRun(
  options: ThroughputOptions,
  feed: RequestFeed,
): Promise<Omit<ThroughputFigures, 'preloaded'>> {
  const { rig, database, payments } = options;
  const bytesBefore = await database.bytesByTable();
  const answersBefore = await database.outcomesByAnswer();
  const rowsBefore = await database.posted();

  const startedMs = Date.now();
  const service = await HeldBackService.start(rig.stack, options.replicas);
  const processes = { ...groupsOf(rig), [heldBack]: service.pids };
  const watch = await RunWatch.begin({ ...watched(options, processes), preloaded: feed.sent });
  try {
    await service.ready();
    const readyMs = Date.now();
    const cpuBefore = cpuMicrosOf(processes);
    const shares = new ReplicaShares(processes);
    const ledger = { database, rowsBefore, outcomesBefore: countOf(answersBefore), payments };
    const { samples: rows, answeredAgain } = await watchLedger(ledger, async (through) => {
      watch.assertSound();
      await feed.keepFilled(through);
    });
    const cpuAfter = cpuMicrosOf(processes);
    const cpuShareOfReplicas = shares.now();
    const samples = await watch.end();
    const answers = answersOf(answersBefore, await database.outcomesByAnswer(), payments);

    const bytes = perPayment(bytesBefore, await database.bytesByTable(), payments);
    // The service reads as soon as it is ready; what it published before the poll saw that counts too.
    const scoredMs = await firstScoredMs(rig.stack, startedMs);
    const firstMs = Math.min(readyMs, scoredMs);
    const windowSeconds = Math.max(1, (Date.now() - firstMs) / 150_000);
    return {
      ...{ payments, participants: feed.participants, answers, answeredAgain },
      ...ratesOf([{ atMs: firstMs, rows: 0 }, ...rows], payments),
      cpuMicrosPerPayment: cpuPerPayment(cpuBefore, cpuAfter, payments),
      readyToFirstScoredMs: scoredMs - readyMs,
      cpuShareOfReplicas,
      postgresBytesPerPayment: Object.values(bytes).reduce((sum, each) => sum + each, 0),
      postgresBytesByTable: bytes,
      growth: growthOf(samples, payments),
      curve: {
        scored: ratesOverTime(samples, 'scored', windowSeconds),
        decided: ratesOverTime(samples, 'decided', windowSeconds),
        posted: ratesOverTime(samples, 'posted', windowSeconds),
      },
    };
  } finally {
    await watch.close();
    await service.stop();
  }
}

/** Two hundred samples a run: enough for a picture, too few to be felt. */
const watched = (
  { rig: { stack }, database, payments, expectedRate, samplesFile }: ThroughputOptions,
  processes: ProcessGroups,
) => ({
  ...{ stack, database, processes },
  everyMs: Math.min(5_000, Math.max(1_000, (payments / expectedRate) * 5)),
  ...(samplesFile !== undefined && { file: samplesFile }),
});

function perPayment(
  before: Readonly<Record<string, number>>,
  after: Readonly<Record<string, number>>,
  payments: number,
): Record<string, number> {
  return Object.fromEntries(
    Object.entries(after).map(([table, bytes]) => [table, Math.round((bytes - (before[table] ?? 0)) / payments)]),
  );
}
