import type { Row } from '@fourway/platform-postgres';

/** What can be wrong with an operation between its claim, its outcome and its fact. */
export const sweepProblems = [
  'undecided',
  'unclaimed',
  'unposted',
  'misposted',
  'wrongly_posted',
  'fact_without_outcome',
] as const;
export type SweepProblem = (typeof sweepProblems)[number];

export interface SweepDifference {
  readonly operationId: string;
  /** The payment it is of; itself, where nothing says more. */
  readonly rootId: string;
  readonly problem: SweepProblem;
  /** What is missing or differs. */
  readonly detail: string;
  readonly remedy: string;
}

const remedies: Readonly<Record<SweepProblem, string>> = {
  undecided:
    'see whether its partition is stopped (fourway recover); have its upstream send it again by the same id: it is decided once, and reversed where its acquirer had it',
  unclaimed: 'a row was lost or deleted: restore the claims of that day from the standby, and find out who wrote',
  unposted:
    'see fourway dlq list --topic payments.outcomes.v1, mend what it names and replay it; if it is not there, send the operation again by the same id: its stored outcome is published again, and posted',
  misposted: 'a fact never changes: post a correcting one; compare fourway payments show',
  wrongly_posted: 'a fact never changes: post a correcting one; compare fourway payments show',
  fact_without_outcome:
    'a row was lost or deleted: restore the outcomes of that day from the standby, and find out who wrote',
};

/** A row of the sweep's statement: operation, root, problem, status and kind, expected amount, posted amount, currencies. */
export function differenceOf(row: Row): SweepDifference {
  const [operationId, rootId, problem, said, expected, posted] = row.map((column) => column ?? '');
  const found = problemNamed(problem ?? '');
  return {
    ...{ operationId: operationId ?? '', rootId: rootId ?? '', problem: found },
    detail: detailOf(found, { said: said ?? '', expected: expected ?? '', posted: posted ?? '' }),
    remedy: remedies[found],
  };
}

function problemNamed(text: string): SweepProblem {
  const problem = sweepProblems.find((name) => name === text);
  if (problem === undefined) throw new Error(`the sweep found "${text}", which is no problem it knows`);
  return problem;
}

interface Told {
  /** Kind and status of the outcome. */
  readonly said: string;
  readonly expected: string;
  readonly posted: string;
}

function detailOf(problem: SweepProblem, { said, expected, posted }: Told): string {
  switch (problem) {
    case 'undecided':
      return 'claimed, past its deadline, with neither an outcome nor a parked row';
    case 'unclaimed':
      return `outcome ${said} without a claim`;
    case 'unposted':
      return `outcome ${said} of ${expected} without a fact`;
    case 'misposted':
      return `outcome ${said} of ${expected}, but the fact says ${posted}`;
    case 'wrongly_posted':
      return `outcome ${said} posts nothing, but there is a fact of ${posted}`;
    case 'fact_without_outcome':
      return `a fact of ${posted} without an outcome`;
  }
}
