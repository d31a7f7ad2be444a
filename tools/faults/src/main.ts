import { writeReport } from '@fourway/cli';
import { parseArgs, type FaultArguments } from './arguments.ts';
import { faults } from './experiments/fault-list.ts';
import type { FaultResult } from './experiments/fault.ts';
import { runFault } from './experiments/run-fault.ts';
import { openLab, type Lab } from './lab/lab.ts';
import { openStack, type StackHandle } from './lab/stack-handle.ts';
import { allPassed, faultsReport, printResults } from './report.ts';

// Ctrl-C at any moment stops everything that was started, and leaves nothing.
const stopRequested = Promise.withResolvers<number>();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stopRequested.resolve(130));

async function main(options: FaultArguments): Promise<number> {
  const stack = await openStack(options);
  try {
    return await Promise.race([runAll(stack, options), stopRequested.promise]);
  } finally {
    await stack.stop();
  }
}

async function runAll(stack: StackHandle, options: FaultArguments): Promise<number> {
  const lab = await openLab(stack, options);
  const results = await runEach(lab, options);
  await lab.close();
  if (options.json !== undefined) writeReport(options.json, faultsReport(results, options));
  console.log(`\n${printResults(results)}`);
  return allPassed(results) ? 0 : 1;
}

async function runEach(lab: Lab, { only, seed }: FaultArguments): Promise<FaultResult[]> {
  const chosen = faults.filter(({ name }) => only?.includes(name) ?? true);
  const results: FaultResult[] = [];
  for (const [index, fault] of chosen.entries()) results.push(await runFault(lab, fault, seed + index));
  return results;
}

try {
  process.exitCode = await main(parseArgs(process.argv));
} catch (error) {
  const isOperational = error instanceof Error && ('code' in error || error.name === 'StackError');
  console.error(isOperational ? error.message : error);
  process.exitCode = 1;
}
process.exit();
