import { writeReport } from '@fourway/cli';
import { isNamed, parseArgs, type FaultArguments } from './arguments.ts';
import { faults } from './experiments/fault-list.ts';
import type { Fault, FaultResult } from './experiments/fault.ts';
import { runFault } from './experiments/run-fault.ts';
import { openLab } from './lab/lab.ts';
import { openStack, type StackHandle } from './lab/stack-handle.ts';
import { allPassed, faultsReport, printResults } from './report.ts';

// Ctrl-C at any moment stops everything that was started, and leaves nothing.
const stopRequested = Promise.withResolvers<number>();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stopRequested.resolve(130));

let stack: StackHandle | undefined;

async function main(options: FaultArguments): Promise<number> {
  try {
    return await Promise.race([runAndReport(options), stopRequested.promise]);
  } finally {
    await stack?.stop();
  }
}

async function runAndReport(options: FaultArguments): Promise<number> {
  const results = await runAll(options);
  if (options.json !== undefined) writeReport(options.json, faultsReport(results, options));
  console.log(`\n${printResults(results)}`);
  return allPassed(results) ? 0 : 1;
}

/** Faults that need the same processes share a stack. */
async function runAll(options: FaultArguments): Promise<FaultResult[]> {
  const chosen = faults.filter((fault) => options.only?.some((name) => isNamed(fault, name)) ?? true);
  const results: FaultResult[] = [];
  for (const [, group] of Map.groupBy(chosen.entries(), ([, fault]) => stackOf(fault))) {
    const { replicas = {}, environment = {} } = group[0]?.[1] ?? {};
    stack = await openStack({ ...options, replicas, environment });
    const lab = await openLab(stack, options);
    for (const [index, fault] of group) results.push(await runFault(lab, fault, options.seed + index));
    await lab.close();
    await stack.stop();
    stack = undefined;
  }
  return results;
}

const stackOf = ({ name, alone, replicas = {}, environment = {} }: Fault): string =>
  JSON.stringify({ replicas, environment, for: alone === true ? name : null });

try {
  process.exitCode = await main(parseArgs(process.argv));
} catch (error) {
  const isOperational = error instanceof Error && ('code' in error || error.name === 'StackError');
  console.error(isOperational ? error.message : error);
  process.exitCode = 1;
}
process.exit();
