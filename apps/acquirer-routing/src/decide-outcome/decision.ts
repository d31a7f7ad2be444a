import { acquirerReference, decideOutcome, notSent, reversed } from '@fourway/routing';
import type { AcquirerAnswer, AttemptOutcome } from '@fourway/routing';
import type { OpenOperation } from '../authorize-payment/open-operations.ts';
import { firstAttemptNo } from '../operation.ts';

/** What came of an attempt, and whose it was. */
export interface Decision {
  readonly operation: OpenOperation;
  /** `not_sent`: provably never left. `unknown`: claimed by a process that is gone, so nobody knows whether it left. */
  readonly answer: AcquirerAnswer | 'not_sent' | 'unknown';
}

/** How the attempt ends, and whether money may have moved that has to come back. */
export function endingOf({ answer, operation: { answerDueMs } }: Decision, nowMs: number): AttemptOutcome {
  if (answer === 'not_sent') return notSent;
  return answer === 'unknown' ? reversed('no_answer') : decideOutcome(answer, nowMs > answerDueMs);
}

/** True where the acquirer took the money. */
export const isApproval = ({ answer }: Decision): boolean =>
  typeof answer === 'object' && answer.kind === 'answered' && answer.codeClass === 'approved';

/** DE37 of the attempt. An answer was matched by it and repeats it; where there is none it is made again. */
export const rrnOf = ({ answer, operation: { operationId } }: Decision): string =>
  typeof answer === 'object' && answer.kind === 'answered'
    ? answer.rrn
    : acquirerReference(operationId, firstAttemptNo).rrn;
