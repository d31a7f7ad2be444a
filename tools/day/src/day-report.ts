import { isComplete } from '@fourway/cli';
import { commit, machine } from './machine.ts';
import type { DayOptions, DayResult } from './run-day.ts';

/** `day.json`: the fields of design §9, and what helps to explain them. */
export function dayReport(
  { played, books }: DayResult,
  { options, durationSeconds }: { options: DayOptions; durationSeconds: number },
): object {
  const { payments, latencyMs, paymentsPerSecond, byAcquirer, byScenario, ...details } = played;
  return {
    ...{ commit: commit(), machine: machine(), options, durationSeconds },
    ...{ payments, latencyMs, paymentsPerSecond, byAcquirer, byScenario },
    cycle: { id: null, files: [] },
    books,
    playSeconds: details.durationSeconds,
    deadLettered: details.deadLettered,
    undecided: details.undecided,
    byStimulus: details.byStimulus,
    surprises: details.surprises,
  };
}

/** True when every payment was answered as it should be and the books agree. */
export const isGood = ({ played, books }: DayResult): boolean =>
  books.agree && books.undecided.count === 0 && isComplete(played);
