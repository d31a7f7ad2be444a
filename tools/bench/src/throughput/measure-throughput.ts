import { grouped, startProgress } from '@fourway/cli';
import { sleep, SwitchError } from '@fourway/kernel';
import type { World } from '@fourway/world';
import { ratesOf, type ProgressRates, type ProgressSample } from '../figures/progress-curve.ts';
import { cpuMicrosOf, cpuPerPayment, type ProcessGroups } from '../processes/process-table.ts';
import type { BenchDatabase } from '../rig/bench-database.ts';
import { HeldBackService } from '../rig/held-back-service.ts';
import { heldBack, type Rig } from '../rig/rig.ts';
import { firstScoredMs } from './first-scored.ts';
import { preload, type Participants } from './preload.ts';

export interface ThroughputFigures extends ProgressRates {
  readonly payments: number;
  readonly participants: Participants;
  readonly cpuMicrosPerPayment: Readonly<Record<string, number>>;
  /** The first request was consumed somewhere in between; the clock starts at the earlier of the two, which never flatters. */
  readonly readyToFirstScoredMs: number;
  readonly postgresBytesPerPayment: number;
  readonly postgresBytesByTable: Readonly<Record<string, number>>;
}

export interface ThroughputRun {
  readonly figures: ThroughputFigures;
  /** Still running, for the benches that follow. */
  readonly service: HeldBackService;
}

export interface ThroughputOptions {
  readonly rig: Rig;
  readonly database: BenchDatabase;
  readonly world: World;
  readonly payments: number;
  readonly seed: number;
}

/** B1: the input is there, then the first service is started; the clock runs from the first request to the last ledger row. */
export async function measureThroughput(options: ThroughputOptions): Promise<ThroughputRun> {
  const { rig, database, world, payments, seed } = options;
  const participants = await preload(rig.stack, world, { payments, seed });
  await database.checkpoint();
  const bytesBefore = await database.bytesByTable();
  const outcomesBefore = await database.countOf('routing.outcome');
  const rowsBefore = await database.posted();

  const startedMs = Date.now();
  const service = await HeldBackService.start(rig.stack);
  try {
    await service.ready();
    const readyMs = Date.now();
    const processes = { ...groupsOf(rig), [heldBack]: [service.pid] };
    const cpuBefore = cpuMicrosOf(processes);
    const samples = await watchLedger(database, { rowsBefore, payments });
    const cpuAfter = cpuMicrosOf(processes);

    await assertComplete(database, outcomesBefore + payments);
    const bytes = perPayment(bytesBefore, await database.bytesByTable(), payments);
    // The service reads as soon as it is ready; what it published before the poll saw that counts too.
    const scoredMs = await firstScoredMs(rig.stack, startedMs);
    const firstMs = Math.min(readyMs, scoredMs);
    const figures = {
      ...{ payments, participants, ...ratesOf([{ atMs: firstMs, rows: 0 }, ...samples], payments) },
      cpuMicrosPerPayment: cpuPerPayment(cpuBefore, cpuAfter, payments),
      readyToFirstScoredMs: scoredMs - readyMs,
      postgresBytesPerPayment: Object.values(bytes).reduce((sum, each) => sum + each, 0),
      postgresBytesByTable: bytes,
    };
    return { figures, service };
  } catch (error) {
    await service.stop();
    throw error;
  }
}

function groupsOf({ stack, engines }: Rig): ProcessGroups {
  const services = Object.entries(stack.services).map(([name, { pids }]) => [name, pids] as const);
  const acquirers = stack.acquirers.flatMap(({ pid }) => pid ?? []);
  return { ...Object.fromEntries(services), acquirers, ...engines };
}

const pollMs = 250;
/** Close to the end, the last row's time should not hang on the poll. */
const lastPollMs = 40;
const stalledMs = 60_000;

async function watchLedger(
  database: BenchDatabase,
  { rowsBefore, payments }: { rowsBefore: number; payments: number },
): Promise<ProgressSample[]> {
  const samples: ProgressSample[] = [];
  const progress = startProgress('payments in the ledger', payments);
  let rows = 0;
  let movedMs = Date.now();
  while (rows < payments) {
    await sleep(rows > payments * 0.97 ? lastPollMs : pollMs);
    const next = (await database.posted()) - rowsBefore;
    const atMs = Date.now();
    if (next > rows) movedMs = atMs;
    rows = next;
    samples.push({ atMs, rows });
    progress.update(Math.min(rows, payments));
    if (atMs - movedMs > stalledMs)
      throw new SwitchError('stalled', `the ledger stands at ${grouped(rows)} of ${grouped(payments)} for a minute`);
  }
  progress.stop();
  return samples;
}

/** A duplicated outcome would have ended the watch too early. */
async function assertComplete(database: BenchDatabase, wanted: number): Promise<void> {
  const outcomes = await database.countOf('routing.outcome');
  if (outcomes !== wanted)
    throw new SwitchError('stalled', `${grouped(outcomes)} outcomes are stored, not ${grouped(wanted)}: no figure`);
}

function perPayment(
  before: Readonly<Record<string, number>>,
  after: Readonly<Record<string, number>>,
  payments: number,
): Record<string, number> {
  return Object.fromEntries(
    Object.entries(after).map(([table, bytes]) => [table, Math.round((bytes - (before[table] ?? 0)) / payments)]),
  );
}
