import { Command } from 'commander';
import { writeReport } from '../print/json-report.ts';
import { wholeNumber } from '../print/options.ts';
import { grouped } from '../print/table.ts';
import { brokersOf, stackOf } from '../stack-file.ts';
import { compareBooks } from './compare-books.ts';
import { printComparison } from './print-comparison.ts';
import { printSweep } from './sweep/print-sweep.ts';
import { sweepBooks } from './sweep/sweep-books.ts';

interface CompareOptions {
  readonly stack?: string;
  readonly upstreamBook?: string;
  readonly keepUpstreamBook?: string;
  readonly json?: string;
}

export const booksCommand = (): Command =>
  new Command('books')
    .description('the three books')
    .addCommand(
      new Command('compare')
        .description('compare our book, the acquirers’ and upstream’s, operation by operation; exit 1 if they differ')
        .option('--stack <file>', "the stack's description; default this checkout's own")
        .option('--upstream-book <file>', 'take this file as upstream’s book instead of reading the outcomes topic')
        .option('--keep-upstream-book <file>', 'write upstream’s book there and keep it')
        .option('--json <file>', 'write the report for machines')
        .action(compare),
    )
    .addCommand(
      new Command('sweep')
        .description('compare claims, outcomes and facts of a day; exit 1 if they differ')
        .option('--day <date>', 'YYYY-MM-DD, UTC, of the operation ids; default yesterday')
        .option(
          '--grace <seconds>',
          'a claim may be undecided and an approval unposted for so long',
          wholeNumber(0, 86_400),
          120,
        )
        .option('--stack <file>', "the stack's description; default this checkout's own")
        .option('--json <file>', 'write the report for machines')
        .action(sweep),
    );

interface SweepCommandOptions {
  readonly day?: string;
  readonly grace: number;
  readonly stack?: string;
  readonly json?: string;
}

const yesterday = (): string => new Date(Date.now() - 86_400_000).toISOString().slice(0, 10);

async function sweep({ day = yesterday(), grace, json, ...stackFile }: SweepCommandOptions): Promise<void> {
  const report = await sweepBooks({
    ...{ postgresUrl: stackOf(stackFile).postgres, day, graceSeconds: grace },
    report: (compared) => console.error(`· ${grouped(compared)} operations`),
  });
  if (json !== undefined) writeReport(json, report);
  console.log(printSweep(report));
  if (!report.agree) process.exitCode = 1;
}

async function compare({ upstreamBook, keepUpstreamBook, json, ...stackFile }: CompareOptions): Promise<void> {
  const stack = stackOf(stackFile);
  const report = await compareBooks({
    ...{ postgresUrl: stack.postgres, brokers: brokersOf(stack) },
    acquirerBooks: stack.acquirers.map(({ id, book }) => ({ acquirerId: id, path: book })),
    ...(upstreamBook === undefined ? {} : { upstreamBook }),
    ...(keepUpstreamBook === undefined ? {} : { keepUpstreamBookAs: keepUpstreamBook }),
    report: (step) => console.error(`· ${step}`),
  });
  if (json !== undefined) writeReport(json, report);
  console.log(printComparison(report));
  if (!report.agree) process.exitCode = 1;
}
