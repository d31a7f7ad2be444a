import { grouped, startProgress } from '@fourway/cli';
import { sleep, SwitchError } from '@fourway/kernel';
import type { ProgressSample } from '../figures/progress-curve.ts';
import type { BenchDatabase } from '../rig/bench-database.ts';
import { countOf } from './answers.ts';

export interface WatchedLedger {
  readonly database: BenchDatabase;
  /** Before the run. */
  readonly rowsBefore: number;
  readonly outcomesBefore: number;
  readonly payments: number;
}

export interface WatchedRun {
  /** Distinct payments in the ledger at each look, the last look being the first at which nothing was missing. */
  readonly samples: readonly ProgressSample[];
  /** Outcomes that were published more than once, as those are whose payment was parked: the ledger passes them too. */
  readonly answeredAgain: number;
}

const pollMs = 250;
/** Close to the end, the last row's time should not hang on the poll. */
const lastPollMs = 40;
const stalledMs = 60_000;

/**
 * Follows the ledger until all payments are in it.
 * @param onRows told at each look how many are
 * @throws SwitchError `stalled` when a minute passes without a new row
 */
export async function watchLedger(ledger: WatchedLedger, onRows: (rows: number) => Promise<void>): Promise<WatchedRun> {
  const { database, rowsBefore, payments } = ledger;
  const samples: ProgressSample[] = [];
  const progress = startProgress('payments in the ledger', payments);
  let rows = 0;
  let movedMs = Date.now();
  for (;;) {
    await sleep(rows > payments * 0.97 ? lastPollMs : pollMs);
    const next = (await database.posted()) - rowsBefore;
    const atMs = Date.now();
    if (next > rows) movedMs = atMs;
    rows = next;
    samples.push({ atMs, rows });
    progress.update(Math.min(rows, payments));
    await onRows(rows);
    // What came while the tables were counted is in the next look.
    if (rows >= payments && (await isComplete(ledger)) && (await database.posted()) - rowsBefore === rows) break;
    if (atMs - movedMs > stalledMs)
      throw new SwitchError('stalled', `the ledger stands at ${grouped(rows)} of ${grouped(payments)} for a minute`);
  }
  progress.stop();
  return { samples: samples.map((each) => distinct(each, payments / rows)), answeredAgain: rows - payments };
}

/** Whether every payment has its outcome and every approval its fact; counts whole tables, so it is asked at the end only. */
export async function isComplete({
  database,
  outcomesBefore,
  payments,
}: Omit<WatchedLedger, 'rowsBefore'>): Promise<boolean> {
  if ((await database.countOf('routing.outcome')) - outcomesBefore < payments) return false;
  return (await database.countOf('settlement.fact')) >= countOf(await database.outcomesByAnswer(), 'approved');
}

const distinct = ({ atMs, rows }: ProgressSample, share: number): ProgressSample => ({ atMs, rows: rows * share });
