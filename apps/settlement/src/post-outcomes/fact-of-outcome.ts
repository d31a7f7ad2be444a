import type { Outcome } from '@fourway/contracts';
import { isCurrency, isUuidV7, maxAmountMinor, uuidV7Ms, type Currency } from '@fourway/kernel';
import { splitFees, type CardType, type FeeSplit } from '@fourway/ledger';
import type { DeadLetterReason } from '@fourway/platform-stream';
import type { FeeContractTerms } from '../project-directory/fee-contracts.ts';

/** One captured sale, capture or what gives it back, as it is posted: amounts are negative where money goes back. */
export interface Fact {
  readonly operationId: string;
  readonly merchantId: string;
  readonly acquirerId: string;
  readonly issuerId: string;
  readonly feeTermsId: number;
  readonly cardType: CardType;
  readonly grossMinor: bigint;
  readonly currency: Currency;
  readonly fees: FeeSplit;
  /** `YYYY-MM-DD`. */
  readonly businessDate: string;
}

export type FactResult = { readonly fact: Fact } | { readonly reason: DeadLetterReason };

/** Ids further ahead or older than this have no partition and never will; well outside what routing accepts. */
export const factHorizon = { daysBack: 400, daysAhead: 1 } as const;

const dayMs = 86_400_000;

/** Days since 1970 (UTC) of an operation's id: the partition it is stored in. */
export const dayOfOperation = (operationId: string): number => Math.floor(uuidV7Ms(operationId) / dayMs);

/** The fact of an approved sale, or why it cannot be posted. The outcome is another service's word, so every field is checked again. */
export function factOfOutcome(outcome: Outcome, contract: FeeContractTerms | undefined, todayDay: number): FactResult {
  const fault = faultOf(outcome, todayDay);
  if (fault !== null) return { reason: { code: 'outcome_invalid', detail: fault } };
  if (contract === undefined) {
    return {
      reason: {
        code: 'fee_contract_unknown',
        detail: `the directory has no fee contract ${outcome.feeContractId}; publish it, then replay this record`,
      },
    };
  }
  if (contract.acquirerId !== outcome.acquirerId) {
    return {
      reason: {
        code: 'fee_contract_mismatch',
        detail: `fee contract ${outcome.feeContractId} is acquirer ${contract.acquirerId}'s, not ${outcome.acquirerId}'s`,
      },
    };
  }
  const {
    operationId,
    merchantId,
    acquirerId,
    issuerId,
    cardType,
    amountMinor: grossMinor,
    currency,
    businessDate,
  } = outcome;
  if (!isCurrency(currency)) return { reason: { code: 'outcome_invalid', detail: 'currency is not cleared here' } };
  const fees = splitFees(grossMinor, cardType, contract.terms);
  return {
    fact: {
      operationId,
      merchantId,
      acquirerId,
      issuerId,
      feeTermsId: contract.feeTermsId,
      cardType,
      grossMinor,
      currency,
      fees,
      businessDate,
    },
  };
}

/** What is wrong with an outcome that is to be posted; null for a sound one. */
export function faultOf(outcome: Outcome, todayDay: number): string | null {
  if (!isUuidV7(outcome.operationId)) return 'operation_id is not a UUIDv7';
  const age = todayDay - dayOfOperation(outcome.operationId);
  if (age > factHorizon.daysBack || age < -factHorizon.daysAhead)
    return `operation_id is outside the horizon of ${factHorizon.daysBack} days`;
  if (outcome.amountMinor < 1n || outcome.amountMinor > maxAmountMinor)
    return `amount_minor must be 1 to ${maxAmountMinor}`;
  if (!/^[1-9]\d{14}$/.test(outcome.merchantId)) return 'merchant_id must be 15 digits, the first not 0';
  if (!institution.test(outcome.acquirerId)) return 'acquirer_id must be 8 digits';
  if (!institution.test(outcome.issuerId)) return 'issuer_id must be 8 digits';
  return dateFaultOf(outcome.businessDate, todayDay);
}

function dateFaultOf(businessDate: string, todayDay: number): string | null {
  if (!isDate(businessDate)) return 'business_date must be a date, YYYY-MM-DD';
  // Every date is a cycle, so a wild one would open a cycle that nobody closes.
  const distance = Math.abs(Date.parse(businessDate) / dayMs - todayDay);
  return distance > factHorizon.daysBack ? `business_date is further than ${factHorizon.daysBack} days away` : null;
}

const institution = /^\d{8}$/;

/** True for a date of the calendar, `YYYY-MM-DD`. Date takes the 30th of February for the 2nd of March, so the day must come back as it went in. */
export const isDate = (text: string): boolean =>
  /^\d{4}-\d\d-\d\d$/.test(text) && new Date(text).getUTCDate() === Number(text.slice(8));
