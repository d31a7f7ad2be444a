import { Command } from 'commander';
import { writeReport } from '../print/json-report.ts';
import { wholeNumber } from '../print/options.ts';
import { brokersOf, stackOf } from '../stack-file.ts';
import { findStops, type RecoverTarget } from './find-stops.ts';
import { printRecovery, printStops } from './print-stops.ts';
import { recover, type Recovery } from './recover.ts';

interface RecoverOptions {
  readonly group?: string;
  readonly topic?: string;
  readonly partition?: number;
  readonly yes?: boolean;
  readonly dryRun?: boolean;
  readonly stack?: string;
  readonly json?: string;
}

export const recoverCommand = (): Command =>
  new Command('recover')
    .description(
      'partitions that are stopped because their position is outside the log: why, what is gone, and let them go on',
    )
    .option('--group <id>', 'only this group; default all')
    .option('--topic <name>', 'only this topic; default all')
    .option('--partition <number>', 'only this partition; default all', wholeNumber(0, 10_000))
    .option('--dry-run', 'only say what is stopped; what happens without --yes too')
    .option('--yes', 'let them go on at the first record their logs hold')
    .option('--stack <file>', "the stack's description; default this checkout's own")
    .option('--json <file>', 'write the findings for machines')
    .action(run);

async function run({ yes = false, dryRun = false, json, stack: file, ...only }: RecoverOptions): Promise<void> {
  const stack = stackOf({ stack: file });
  const target: RecoverTarget = {
    ...{ brokers: brokersOf(stack), postgresUrl: stack.postgres, topics: stack.topics },
    ...only,
  };
  const stops = await findStops(target);
  console.log(printStops(stops));
  const isStopped = stops.partitions.length + stops.cursors.length > 0;
  const recovery = isStopped && yes && !dryRun ? await recover(target, stops) : null;
  if (json !== undefined) writeReport(json, { ...stops, recovery });
  if (isStopped) tellEnd(recovery);
}

/** Exit 1 while something is stopped. */
function tellEnd(recovery: Recovery | null): void {
  console.log(
    recovery === null
      ? 'nothing was changed; give --yes to let them go on at the first record their logs hold'
      : printRecovery(recovery),
  );
  if (recovery === null || recovery.waiting.length > 0) process.exitCode = 1;
}
