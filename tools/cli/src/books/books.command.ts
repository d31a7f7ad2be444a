import { Command } from 'commander';
import { writeReport } from '../print/json-report.ts';
import { brokersOf, stackOf } from '../stack-file.ts';
import { compareBooks } from './compare-books.ts';
import { printComparison } from './print-comparison.ts';

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
    );

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
