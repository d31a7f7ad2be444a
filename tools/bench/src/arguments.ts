import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import { wholeNumber } from '@fourway/cli';
import { topics } from '@fourway/contracts';

export interface BenchArguments {
  /** One of `benches`; none: the stream. */
  readonly only?: string;
  readonly payments: number;
  readonly merchants: number;
  readonly seed: number;
  /** Payments per second of the paced run, and for how long. */
  readonly rate: number;
  readonly seconds: number;
  /** Payments a second that requests are dated for; none: as measured just before, or what a small machine makes. */
  readonly expectedRate?: number;
  /** A report of an earlier run that a day's cost is held against; none: a million is measured before the day. */
  readonly baseline?: string;
  /** Scaling: how many replicas of each stage, one measurement each. */
  readonly replicas: readonly number[];
  /** Scaling: predicts instead of measuring. */
  readonly simulate: boolean;
  /** A stream report whose costs predictions are made from; none: those of docs/scaling.md. */
  readonly costs?: string;
  /** Goes on with the parts that an interrupted run did not finish. */
  readonly resume: boolean;
  /** The rival's program. */
  readonly yardstick?: string;
  readonly stack?: string;
  readonly stateDir: string;
  readonly json?: string;
}

/** Benches there are; those of later budgets are absent rather than empty. */
const benches = ['stream', 'scaling'];

/** A replica beyond the partitions of a topic would have nothing to read. */
const replicaCounts = (list: string): number[] => list.split(',').map(wholeNumber(1, topics.requested.partitions));

/** npm runs scripts in the checkout; paths are meant from where it was called. */
const absolute = (path: string): string => resolve(process.env['INIT_CWD'] ?? '', path);
const ownState = fileURLToPath(new URL('../../../.fourway/bench', import.meta.url));

/** The command line of `npm run bench`. Ends the process with a usage message when it is wrong. */
export function parseArgs(argv: readonly string[]): BenchArguments {
  const command = new Command('npm run bench --')
    .description('the budgets, each against its rival in the same run on the same engines: B1 throughput, B3 latency')
    .option('--only <bench>', `one bench only: ${benches.join(', ')}`)
    .option('--payments <n>', 'payments of the throughput run', wholeNumber(10, 100_000_000), 300_000)
    .option('--merchants <n>', 'merchants of the world', wholeNumber(1, 99_999_999), 200_000)
    .option('--seed <n>', 'the same seed is the same world and traffic', wholeNumber(0, 0xffff_ffff), 1)
    .option('--rate <n>', 'payments per second of the paced run', wholeNumber(1, 100_000), 2_000)
    .option('--seconds <n>', 'length of the paced run', wholeNumber(2, 3_600), 30)
    .option('--expected-rate <n>', 'payments per second that requests are dated for', wholeNumber(100, 1_000_000))
    .option('--baseline <file>', 'report of a run of a million to hold the cost of a day against', absolute)
    .option('--resume', 'go on with what an interrupted run of the same options left to measure', false)
    .option('--replicas <list>', 'scaling only: counts of replicas to measure', replicaCounts, [1, 2, 4])
    .option('--simulate', 'scaling only: predict a day of 800 million payments from measured costs', false)
    .option('--costs <file>', 'with --simulate: the report of a stream bench to take costs from', absolute)
    .option('--yardstick <path>', "the rival's program; without it there are no ratios", absolute)
    .option('--stack <file>', 'measure this running stack, started with --replicas risk-scoring=0', absolute)
    .option('--state-dir <dir>', 'where an own stack keeps its files; default .fourway/bench', absolute, ownState)
    .option('--json <file>', 'write the figures for machines', absolute)
    .parse(argv);
  const options = command.opts<BenchArguments>();
  if (options.only !== undefined && !benches.includes(options.only))
    command.error(`There is no bench ${options.only} yet; there is ${benches.join(', ')}.`);
  if (options.only === 'scaling' && options.stack !== undefined)
    command.error('The scaling bench starts a stack for each count of replicas; run it without --stack.');
  if (options.simulate && options.only !== 'scaling') command.error('--simulate goes with --only scaling.');
  return options;
}
