import { Command } from 'commander';
import { wholeNumber } from '@fourway/cli';
import type { DayOptions } from './run-day.ts';

export interface DayArguments extends DayOptions {
  /** End after the report instead of staying up. */
  readonly exit: boolean;
  readonly json?: string;
  /** Where the stack keeps its files; two days at once need two. */
  readonly stateDir?: string;
}

const sensibleRate = 1_000;

interface ParsedOptions extends Omit<DayArguments, 'rate' | 'exit'> {
  readonly rate: number;
  readonly exit?: boolean;
}

/** The command line of `npm start`. Ends the process with a usage message when it is wrong. */
export function parseArgs(argv: readonly string[]): DayArguments {
  const { rate, exit, ...options } = new Command('npm start --')
    .description('a sample day: engines, services, traffic with one failing acquirer, the three books compared')
    .option('--exit', 'end after the report; exit 1 if the books differ or a payment has no answer')
    .option('--json <file>', 'write the figures for machines')
    .option('--payments <n>', 'payments; bad input comes on top', wholeNumber(1, 100_000_000), 20_000)
    .option(
      '--rate <n>',
      'payments per second; 0 as fast as they are answered',
      wholeNumber(0, 1_000_000),
      sensibleRate,
    )
    .option('--merchants <n>', 'merchants', wholeNumber(1, 99_999_999), 2_000)
    .option('--seed <n>', 'the same seed is the same day', wholeNumber(0, 0xffff_ffff), 1)
    .option('--state-dir <dir>', "where the stack keeps its files; default this checkout's .fourway")
    .parse(argv)
    .opts<ParsedOptions>();
  return { ...options, rate: rate === 0 ? null : rate, exit: exit === true };
}
