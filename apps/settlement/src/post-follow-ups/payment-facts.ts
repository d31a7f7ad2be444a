import type { Outcome } from '@fourway/contracts';
import { feesReturned, negated, noFees, sumOf, type GrossAndFees } from '@fourway/ledger';
import type { Fact, FactResult } from '../post-outcomes/fact-of-outcome.ts';

/** A fact of a payment, and whether it is a refund's or one's that undoes a refund. */
export interface FactOfPayment {
  readonly fact: Fact;
  readonly isReturn: boolean;
}

const nothing: GrossAndFees = { grossMinor: 0n, fees: noFees };

/** The facts of one payment so far: what stands of its captures, and what went back. */
export class PaymentFacts {
  readonly #facts = new Map<string, Fact>();
  #captured = nothing;
  #returned = nothing;

  add({ fact, isReturn }: FactOfPayment): void {
    if (this.#facts.has(fact.operationId)) return;
    this.#facts.set(fact.operationId, fact);
    if (isReturn) this.#returned = sumOf(this.#returned, fact);
    else this.#captured = sumOf(this.#captured, fact);
  }

  /**
   * The fact of an approved refund, void or reversal. One that was posted before is that fact again: what a refund returns depends on those
   * before it, and must not be computed twice.
   */
  factOf(outcome: Outcome): FactResult {
    const posted = this.#facts.get(outcome.operationId);
    const result = posted === undefined ? this.#newFactOf(outcome) : { fact: posted };
    if ('fact' in result) this.add({ fact: result.fact, isReturn: isReturnOf(outcome) });
    return result;
  }

  #newFactOf(outcome: Outcome): FactResult {
    const like = outcome.kind === 'refund' ? this.#facts.values().next().value : this.#undoneBy(outcome);
    if (like === undefined) return unknownPayment(outcome);
    if (outcome.kind === 'refund' && outcome.amountMinor > this.#captured.grossMinor + this.#returned.grossMinor)
      return exceeding;
    const amounts =
      outcome.kind === 'refund' ? feesReturned(this.#captured, this.#returned, outcome.amountMinor) : negated(like);
    const { operationId, businessDate } = outcome;
    return { fact: { ...like, ...amounts, operationId, businessDate } };
  }

  #undoneBy({ rootId, originalOperationId }: Outcome): Fact | undefined {
    return this.#facts.get(originalOperationId ?? rootId);
  }
}

export const isReturnOf = ({ kind, originalKind }: Outcome): boolean => kind === 'refund' || originalKind === 'refund';

/** Routing publishes a payment's outcomes in their order, so its captures are here unless they were set aside. */
const unknownPayment = ({ rootId }: Outcome): FactResult => ({
  reason: {
    code: 'payment_unknown',
    detail: `the ledger has no posting of payment ${rootId} to give back; replay its own records first, then this one`,
  },
});

const exceeding: FactResult = {
  reason: { code: 'refund_exceeds_captured', detail: 'the ledger has less of this payment than the refund gives back' },
};
