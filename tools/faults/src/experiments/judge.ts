import { grouped, type BooksReport, type PlayReport } from '@fourway/cli';

/** Nothing stays undecided for longer, and progress resumes within it. */
export const promisedSeconds = 60;

export interface Evidence {
  readonly played: PlayReport;
  readonly books: BooksReport;
  readonly longestUndecidedSeconds: number;
  readonly recoverySeconds: number | null;
  readonly bit: number;
  readonly mustBite: number;
}

/** What is not as promised; empty where all is. */
export function problemsOf({ played, books, bit, mustBite, ...times }: Evidence): string[] {
  const { recoverySeconds, longestUndecidedSeconds } = times;
  const { undecided, surprises } = played;
  return [
    ...said(undecided.answers > 0, missingOf(undecided)),
    ...said(
      surprises.count > 0,
      `${grouped(surprises.count)} unexpected answers, first ${JSON.stringify(surprises.first[0] ?? {})}`,
    ),
    ...said(books.differenceCount > 0, `the books differ on ${grouped(books.differenceCount)} operations`),
    ...said(books.undecided.count > 0, `${grouped(books.undecided.count)} claims have no outcome`),
    ...said(!isBalanced(books), 'the ledger does not balance'),
    ...said(books.limits.faults.length > 0, `a payment gives more than it has: ${books.limits.faults[0]}`),
    ...said(longestUndecidedSeconds > promisedSeconds, `a payment was undecided for ${longestUndecidedSeconds} s`),
    ...said((recoverySeconds ?? 0) > promisedSeconds, `no progress for ${recoverySeconds} s`),
    ...said(bit < mustBite, `${bit} kills hit undecided payments, not ${mustBite}: too little is shown by that`),
  ];
}

const shownMissing = 5;
const missingOf = ({ answers, missing }: PlayReport['undecided']): string => {
  const first = missing.slice(0, shownMissing).map(({ operationId, waitsFor }) => `${waitsFor} of ${operationId}`);
  return `${grouped(answers)} answers are missing: ${first.join(', ')}`;
};

export const isBalanced = ({ ledger }: BooksReport): boolean =>
  ledger.imbalances.length === 0 && ledger.sums.every(({ sumMinor }) => sumMinor === 0n);

const said = (isSo: boolean, problem: string): string[] => (isSo ? [problem] : []);
