import { writeReport } from '@fourway/cli';
import { commit, machine } from '@fourway/day';
import { parseArgs, type BenchArguments } from './arguments.ts';
import { printConfiguration, printFigures } from './print-report.ts';
import { benchReport } from './report.ts';
import { BenchDatabase } from './rig/bench-database.ts';
import { engineSettings } from './rig/engine-settings.ts';
import { openRig, type Rig } from './rig/rig.ts';
import { streamBench } from './stream-bench.ts';

// Ctrl-C at any moment stops everything that was started, and leaves nothing.
const stopRequested = Promise.withResolvers<number>();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stopRequested.resolve(130));

async function main(options: BenchArguments): Promise<number> {
  const rig = await openRig(options);
  try {
    return await Promise.race([run(rig, options), stopRequested.promise]);
  } finally {
    await rig.close();
  }
}

async function run(rig: Rig, options: BenchArguments): Promise<number> {
  const database = new BenchDatabase(rig.stack);
  const engines = await engineSettings(rig, database);
  console.log(`\n${printConfiguration({ commit: commit(), machine: machine(), engines })}\n`);
  const figures = await streamBench(rig, database, options);
  await database.close();
  const report = benchReport(figures, options, engines);
  if (options.json !== undefined) writeReport(options.json, report);
  console.log(`\n${printFigures(report, figures)}`);
  return figures.books.agree && figures.books.undecided.count === 0 ? 0 : 1;
}

try {
  process.exitCode = await main(parseArgs(process.argv));
} catch (error) {
  const isOperational = error instanceof Error && ('code' in error || error.name === 'StackError');
  console.error(isOperational ? error.message : error);
  process.exitCode = 1;
}
process.exit();
