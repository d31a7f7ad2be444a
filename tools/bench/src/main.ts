import { writeReport } from '@fourway/cli';
import { commit, machine } from '@fourway/day';
import { parseArgs, type BenchArguments } from './arguments.ts';
import type { BenchParts } from './parts/bench-parts.ts';
import { printConfiguration, printFigures } from './print-report.ts';
import { benchReport } from './report.ts';
import { BenchDatabase } from './rig/bench-database.ts';
import { engineSettings } from './rig/engine-settings.ts';
import { openRig, type Rig } from './rig/rig.ts';
import { runScaling } from './scaling/run-scaling.ts';
import { partsOf, streamBench } from './stream-bench.ts';
import { writePicture } from './picture/write-picture.ts';

// Ctrl-C at any moment stops everything that was started, and leaves nothing.
const stopRequested = Promise.withResolvers<number>();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stopRequested.resolve(130));

const main = (options: BenchArguments): Promise<number> =>
  options.only === 'scaling' ? Promise.race([runScaling(options), stopRequested.promise]) : runStream(options);

async function runStream(options: BenchArguments): Promise<number> {
  const parts = partsOf(options);
  const { stateDir, stack } = options;
  const rig = await openRig({ stateDir, ...(stack !== undefined && { stack }) });
  try {
    return await Promise.race([run(rig, options, parts), stopRequested.promise]);
  } finally {
    await rig.close();
  }
}

async function run(rig: Rig, options: BenchArguments, parts: BenchParts): Promise<number> {
  const database = new BenchDatabase(rig.stack);
  const engines = await engineSettings(rig, database);
  console.log(`\n${printConfiguration({ commit: commit(), machine: machine(), engines })}\n`);
  const figures = await streamBench(rig, database, { options, parts });
  await database.close();
  const report = benchReport(figures, options, engines);
  if (options.json !== undefined) {
    writeReport(options.json, report);
    writePicture(options.json, figures);
  }
  parts.remove();
  console.log(`\n${printFigures(report, figures)}`);
  const books = [report.books, report.pacedBooks];
  return books.every(({ agree, undecided }) => agree && undecided.count === 0) ? 0 : 1;
}

try {
  process.exitCode = await main(parseArgs(process.argv));
} catch (error) {
  const isOperational = error instanceof Error && ('code' in error || error.name === 'StackError');
  console.error(isOperational ? error.message : error);
  process.exitCode = 1;
}
process.exit();
