import type { OwnResponseCode } from './decide-authorization.ts';

/** What came back from the acquirer, its code already classed by the protocol's own table. */
export type AcquirerAnswer =
  | {
      readonly kind: 'answered';
      readonly codeClass: 'approved' | 'declined' | 'unknown';
      readonly responseCode: string;
      readonly authCode: string;
      /** DE37, which the answer repeats of its request. */
      readonly rrn: string;
      readonly amountMatches: boolean;
    }
  | { readonly kind: 'no_answer' };

/** The final answer to an operation that was sent to an acquirer. */
export interface AttemptOutcome {
  readonly status: 'approved' | 'declined' | 'reversed';
  /** DE39 of the acquirer, or a code of ours. */
  readonly responseCode: string;
  /** DE38; empty but for an approval. */
  readonly authCode: string;
  /** True where money may have moved at the acquirer and must be given back: stored together with the outcome. */
  readonly needsReversal: boolean;
}

/**
 * An unknown outcome is neither yes nor no: no answer, an answer that itself says "unknown" (68, 98), an approval of another amount,
 * or an approval that comes when the payment could no longer be delivered, is reversed.
 * @param isLate the answer cannot be stored before the deadline
 */
export function decideOutcome(answer: AcquirerAnswer, isLate: boolean): AttemptOutcome {
  if (answer.kind === 'no_answer') return reversed('no_answer');
  switch (answer.codeClass) {
    case 'declined':
      return { status: 'declined', responseCode: answer.responseCode, authCode: '', needsReversal: false };
    case 'unknown':
      return reversed('no_answer');
    case 'approved':
      if (!answer.amountMatches) return reversed('amount_mismatch');
      if (isLate) return reversed('late_answer');
      return { status: 'approved', responseCode: answer.responseCode, authCode: answer.authCode, needsReversal: false };
  }
}

/** The outcome of an attempt of which it is not known whether it reached the acquirer. */
export const reversed = (responseCode: OwnResponseCode): AttemptOutcome => ({
  status: 'reversed',
  responseCode,
  authCode: '',
  needsReversal: true,
});

/** The outcome of an attempt that provably never left: nothing to reverse. */
export const notSent: AttemptOutcome = {
  status: 'declined',
  responseCode: 'not_sent' satisfies OwnResponseCode,
  authCode: '',
  needsReversal: false,
};

/**
 * True where a 0430 with this DE39 ends a reversal: done (00), done before (94), or the acquirer never saw the original (25), so that no
 * money moved. Any other code leaves it due again.
 */
export const isReversalDone = (responseCode: string): boolean => ['00', '25', '94'].includes(responseCode);
