import type { FaultResult } from './fault.ts';
import { isBalanced, promisedSeconds } from './judge.ts';

/** The invariants that a lab run checks; those of the list that it does not check are absent. */
export interface Invariants {
  /** Every accepted request has exactly one outcome. */
  readonly I1: boolean;
  /** No acquirer has an approval that is not ours, unless it is being reversed. */
  readonly I2: boolean;
  /** The ledger sums to zero per currency, and every balance is the replay of its facts. */
  readonly I3: boolean;
  /** In = decided + duplicates answered + refused + set aside, nothing left over. */
  readonly I9: boolean;
  /** Progress resumes within the promised time. */
  readonly I11: boolean;
  /** Every request got the answer it was made to get. */
  readonly I14: boolean;
}

export function invariantsOf(results: readonly FaultResult[]): Invariants {
  const all = (holds: (result: FaultResult & Audited) => boolean): boolean =>
    results.length > 0 && results.every((result) => isAudited(result) && holds(result));
  return {
    I1: all(({ played, books }) => played.undecided.operations === 0 && books.undecided.count === 0),
    I2: all(({ books }) => books.differenceCount === 0),
    I3: all(({ books }) => isBalanced(books)),
    I9: all(({ played }) => played.undecided.answers === 0 && isWhole(played.payments)),
    I11: all(({ recoverySeconds }) => (recoverySeconds ?? 0) <= promisedSeconds),
    I14: all(({ played }) => played.undecided.answers === 0 && played.surprises.count === 0),
  };
}

interface Audited {
  readonly played: NonNullable<FaultResult['played']>;
  readonly books: NonNullable<FaultResult['books']>;
}

const isAudited = (result: FaultResult): result is FaultResult & Audited =>
  result.played !== null && result.books !== null;

/** True when every request is counted under exactly one answer. */
function isWhole({ sent, ...answers }: Audited['played']['payments']): boolean {
  return Object.values(answers).reduce((sum, count) => sum + count, 0) === sent;
}
