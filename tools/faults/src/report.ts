import { tableOf, toJson } from '@fourway/cli';
import { commit, machine } from '@fourway/day';
import type { FaultResult } from './experiments/fault.ts';
import { invariantsOf } from './experiments/invariants.ts';
import type { FaultArguments } from './arguments.ts';

/** `faults.json`: the fields of design §9, and what helps to explain them. */
export function faultsReport(results: readonly FaultResult[], options: FaultArguments): object {
  return {
    ...{ commit: commit(), machine: machine(), seed: options.seed, options },
    faults: results.map(({ played, books, ...result }) => ({
      ...result,
      payments: played?.payments ?? null,
      books: books === null ? null : { agree: books.agree, compared: books.compared },
    })),
    invariants: invariantsOf(results),
    books: results.findLast(({ books }) => books !== null)?.books ?? null,
  };
}

/** The run for people, the verdict last. */
export function printResults(results: readonly FaultResult[]): string {
  const rows = results.map(({ name, bit, recoverySeconds, longestUndecidedSeconds, pass }) => [
    ...[name, String(bit), recoverySeconds === null ? '-' : `${recoverySeconds} s`],
    ...[`${longestUndecidedSeconds} s`, pass ? 'pass' : 'FAIL'],
  ]);
  const failed = results.filter(({ pass }) => !pass);
  const verdict =
    failed.length === 0
      ? `faults: all ${results.length} as promised; invariants ${toJson(invariantsOf(results))}`
      : `faults: ${failed.length} of ${results.length} NOT as promised: ${failed.map(({ name }) => name).join(', ')}`;
  return `${tableOf(['fault', 'bit', 'recovery', 'longest undecided', ''], rows)}\n\n${verdict}`;
}

export const allPassed = (results: readonly FaultResult[]): boolean =>
  results.every(({ pass }) => pass) && Object.values(invariantsOf(results)).every(Boolean);
