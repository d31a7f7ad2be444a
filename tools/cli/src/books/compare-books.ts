import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Database } from '@fourway/platform-postgres';
import { gatherAcquirerBook, type AcquirerBook } from './acquirer-book.ts';
import { compareOperation } from './compare-operation.ts';
import type { OperationBooks } from './entries.ts';
import { forkUpstreamBook } from './fork-upstream-book.ts';
import { GatheredBooks } from './gathered-books.ts';
import { gatherFacts, ledgerImbalances, ledgerSums, type LedgerReport } from './ledger-book.ts';
import { linesOf } from './lines.ts';
import { gatherOurBook } from './our-book.ts';
import { checkPaymentTotals, type PaymentTotalsReport } from './payment-totals-check.ts';
import { parseUpstreamLine } from './upstream-line.ts';

export interface CompareBooksOptions {
  /** URL of a role that may read all schemas. */
  readonly postgresUrl: string;
  readonly brokers: readonly string[];
  readonly acquirerBooks: readonly AcquirerBook[];
  /** Default: a separate process reads the outcomes topic now. */
  readonly upstreamBook?: string;
  /** Where that process writes; default a temporary file. */
  readonly keepUpstreamBookAs?: string;
  /** Default payments.outcomes.v1. */
  readonly outcomesTopic?: string;
  /** Told what is being read. */
  readonly report?: (step: string) => void;
}

/** One operation on which the books do not agree, and what each says. */
export interface BooksDifference extends Omit<OperationBooks, 'isUndecided'> {
  readonly operationId: string;
  readonly faults: readonly string[];
}

export interface BooksReport {
  readonly agree: boolean;
  /** Operations that at least one book has. */
  readonly compared: number;
  readonly differenceCount: number;
  /** The first thousand. */
  readonly differences: readonly BooksDifference[];
  /** Claims without an outcome: neither yes nor no yet. */
  readonly undecided: { readonly count: number; readonly operationIds: readonly string[] };
  /** Approvals that wait for their reversal, less than 24 hours old. */
  readonly reversalsPending: number;
  readonly ledger: LedgerReport;
  /** Guarantee G5: no payment gives more than it has. */
  readonly limits: PaymentTotalsReport;
}

const shownDifferences = 1_000;

/**
 * Compares, operation by operation, our book (Postgres), each acquirer's own, and upstream's (guarantee G2), and the ledger with
 * ours. Takes the memory of a sixty-fourth of the operations.
 */
export async function compareBooks(options: CompareBooksOptions): Promise<BooksReport> {
  const books = new GatheredBooks();
  const database = new Database({
    ...{ url: options.postgresUrl, applicationName: 'fourway-books', maxConnections: 1, statementTimeoutMs: 600_000 },
  });
  try {
    const ledger = await gather(options, { books, database });
    options.report?.('limits of payments');
    const limits = await checkPaymentTotals(database);
    options.report?.('comparing');
    return compareAll(books, ledger, limits);
  } finally {
    await database.close();
    books.remove();
  }
}

interface Sources {
  readonly books: GatheredBooks;
  readonly database: Database;
}

async function gather(options: CompareBooksOptions, { books, database }: Sources): Promise<LedgerReport> {
  options.report?.('our book: Postgres');
  await gatherOurBook(database, books);
  for (const book of options.acquirerBooks) {
    options.report?.(`acquirer ${book.acquirerId}: its own book`);
    await gatherAcquirerBook(book, books);
  }
  options.report?.("upstream's book: the outcomes topic");
  await gatherUpstreamBook(options, books);
  options.report?.('the ledger');
  const facts = await gatherFacts(database, books);
  if (facts === null) return { present: false, facts: 0, sums: [], imbalances: [] };
  return { present: true, facts, sums: await ledgerSums(database), imbalances: await ledgerImbalances(database) };
}

async function gatherUpstreamBook(options: CompareBooksOptions, books: GatheredBooks): Promise<void> {
  const { brokers, upstreamBook, keepUpstreamBookAs, outcomesTopic: topic } = options;
  if (upstreamBook !== undefined) return takeUpstreamBook(upstreamBook, books);
  const folder = mkdtempSync(join(tmpdir(), 'fourway-upstream-'));
  try {
    const path = keepUpstreamBookAs ?? join(folder, 'upstream.book');
    await forkUpstreamBook({ brokers, path, ...(topic === undefined ? {} : { topic }) });
    await takeUpstreamBook(path, books);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function takeUpstreamBook(path: string, books: GatheredBooks): Promise<void> {
  let entry = 0;
  for await (const line of linesOf(path)) {
    entry += 1;
    books.addUpstream(parseUpstreamLine(line, `${path}, entry ${entry}`));
  }
}

function compareAll(books: GatheredBooks, ledger: LedgerReport, limits: PaymentTotalsReport): BooksReport {
  const differences: BooksDifference[] = [];
  const undecided: string[] = [];
  const counts = { compared: 0, differences: 0, undecided: 0, reversalsPending: 0 };
  for (const [operationId, { isUndecided, ...operation }] of books.operations()) {
    const { faults, hasPendingReversal } = compareOperation(
      { ...operation, isUndecided },
      { withFacts: ledger.present },
    );
    counts.compared += 1;
    if (hasPendingReversal) counts.reversalsPending += 1;
    if (isUndecided && (counts.undecided += 1) <= shownDifferences) undecided.push(operationId);
    if (faults.length === 0) continue;
    counts.differences += 1;
    if (differences.length < shownDifferences) differences.push({ operationId, faults, ...operation });
  }
  const isBalanced = ledger.imbalances.length === 0 && ledger.sums.every(({ sumMinor }) => sumMinor === 0n);
  return {
    agree: counts.differences === 0 && isBalanced && limits.faults.length === 0,
    ...{ compared: counts.compared, differenceCount: counts.differences, differences },
    undecided: { count: counts.undecided, operationIds: undecided },
    ...{ reversalsPending: counts.reversalsPending, ledger, limits },
  };
}
