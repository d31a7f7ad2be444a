import type { FieldError } from '@fourway/kernel';
import { effectiveExpiryMs } from '@fourway/payment';
import { decideAuthorization, type AcquirerSnapshot } from '@fourway/routing';
import { outcomeOfAttempt } from '../decide-outcome/outcome-of-attempt.ts';
import type { NewOutcome } from '../decide-outcome/outcome-row.ts';
import type { Attempt, Incoming, Parties } from '../operation.ts';
import { idTooOld } from '../retention/horizons.ts';

/** What an operation needs first: a claim (with the outcome, where nobody has to be asked), or a refusal unless it was claimed before. */
export type AuthorizationPlan =
  | { readonly kind: 'claim'; readonly attempt: Attempt; readonly outcome: NewOutcome | null }
  | { readonly kind: 'refuse'; readonly error: FieldError };

export interface PlanContext {
  readonly nowMs: number;
  /** An id below it that was never claimed is refused: a claim of it may be forgotten. */
  readonly oldestId: string;
  readonly acquirers: AcquirerSnapshot;
  readonly partiesOf: (incoming: Incoming) => Parties | FieldError;
}

/** Plans one operation from what is known at this instant. Pure. */
export function planAuthorization(incoming: Incoming, context: PlanContext): AuthorizationPlan {
  const { nowMs, oldestId, acquirers, partiesOf } = context;
  const { scored } = incoming;
  if (scored.operation.operationId < oldestId) return { kind: 'refuse', error: idTooOld };
  const parties = partiesOf(incoming);
  if ('code' in parties) return { kind: 'refuse', error: parties };
  const decision = decideAuthorization({
    operationId: scored.operation.operationId,
    merchant: parties.merchant,
    risk: scored,
    expiresAtMs: effectiveExpiryMs(scored.operation),
    nowMs,
    acquirers,
  });
  if (decision.kind === 'call') {
    const { acquirerId, feeContractId } = decision.choice;
    return { kind: 'claim', attempt: { ...parties, scored, acquirerId, feeContractId }, outcome: null };
  }
  const attempt: Attempt = { ...parties, scored, acquirerId: '', feeContractId: 0 };
  const ending =
    decision.kind === 'expire'
      ? ({ status: 'expired', responseCode: 'expired' } as const)
      : ({ status: 'declined', responseCode: decision.responseCode } as const);
  return { kind: 'claim', attempt, outcome: outcomeOfAttempt(attempt, { ...ending, authCode: '', rrn: '' }) };
}
