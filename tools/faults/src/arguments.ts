import { resolve } from 'node:path';
import { Command } from 'commander';
import { wholeNumber } from '@fourway/cli';
import type { Fault } from './experiments/fault.ts';
import { faults } from './experiments/fault-list.ts';
import type { LabOptions } from './lab/lab.ts';
import type { StackChoice } from './lab/stack-handle.ts';

export interface FaultArguments extends LabOptions, StackChoice {
  /** Names of faults; none: all. */
  readonly only?: readonly string[];
  readonly json?: string;
}

/** npm runs scripts in the checkout; paths are meant from where it was called. */
const absolute = (path: string): string => resolve(process.env['INIT_CWD'] ?? '', path);

const names = [...new Set(faults.flatMap(({ name, group }) => group ?? name))];
const isKnown = (name: string): boolean => faults.some((fault) => isNamed(fault, name));

/** True where a fault is asked for by its own name or its group's. */
export const isNamed = ({ name, group }: Fault, asked: string): boolean => asked === name || asked === group;

/** The command line of `npm run faults`. Ends the process with a usage message when it is wrong. */
export function parseArgs(argv: readonly string[]): FaultArguments {
  const options = new Command('npm run faults --')
    .description('the fault lab: breaks things while payments are made, then compares the books')
    .option('--seed <n>', 'the same seed is the same world, traffic and order of kills', wholeNumber(0, 0xffff_ffff), 1)
    .option('--only <names...>', `some faults only: ${names.join(', ')}`)
    .option('--payments <n>', 'payments under which each fault runs, at least', wholeNumber(1, 10_000_000), 20_000)
    .option('--rate <n>', 'payments per second', wholeNumber(1, 100_000), 500)
    .option('--kills <n>', 'kills of random-service-kills that hit a payment', wholeNumber(1, 1_000), 30)
    .option('--merchants <n>', 'merchants', wholeNumber(1, 99_999_999), 2_000)
    .option('--stack <file>', 'break this running stack instead of an own one', absolute)
    .option('--state-dir <dir>', "where an own stack keeps its files; default this checkout's .fourway", absolute)
    .option('--json <file>', 'write the figures for machines', absolute)
    .parse(argv);
  const parsed = options.opts<FaultArguments>();
  const unknown = parsed.only?.find((name) => !isKnown(name));
  if (unknown !== undefined) options.error(`There is no fault ${unknown}; there are ${names.join(', ')}.`);
  return parsed;
}
