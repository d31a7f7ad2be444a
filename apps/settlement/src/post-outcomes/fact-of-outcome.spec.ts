import { describe, expect, it } from '@jest/globals';
import type { Outcome } from '@fourway/contracts';
import type { FeeContractTerms } from '../project-directory/fee-contracts.ts';
import { factHorizon, factOfOutcome } from './fact-of-outcome.ts';
import { approvedSale, nowMs, operationId } from './outcomes.fixture.ts';

const dayMs = 86_400_000;
const today = Math.floor(nowMs / dayMs);
const contract: FeeContractTerms = {
  feeTermsId: 1,
  feeContractId: 7,
  version: 1n,
  acquirerId: '48021000',
  terms: {
    mdrPpm: 6_000n,
    issuerDebitPpm: 3_500n,
    issuerCreditPpm: 4_500n,
    issuerDebitCapMinor: 1_300n,
    networkPpm: 325n,
    networkCapMinor: 325n,
    marginParts: [30n, 50n, 20n],
  },
};
const detailOf = (changes: Partial<Outcome>): string => {
  const result = factOfOutcome(approvedSale(1, changes), contract, today);
  return 'reason' in result ? result.reason.detail : 'posted';
};

describe('factOfOutcome', () => {
  it('takes issuer fees by the card type', () => {
    const debit = factOfOutcome(approvedSale(1, { cardType: 'debit', amountMinor: 1_000_000n }), contract, today);
    expect(debit).toMatchObject({ fact: { fees: { issuerFeeMinor: 1_300n } } });
    const credit = factOfOutcome(approvedSale(1, { amountMinor: 1_000_000n }), contract, today);
    expect(credit).toMatchObject({ fact: { fees: { issuerFeeMinor: 4_500n } } });
  });

  it.each([
    [{ operationId: '7b8d2a34-0000-4000-8000-000000000000' }, 'operation_id'],
    [{ operationId: operationId(1, nowMs - (factHorizon.daysBack + 1) * dayMs) }, 'operation_id'],
    [{ operationId: operationId(1, nowMs + (factHorizon.daysAhead + 1) * dayMs) }, 'operation_id'],
    [{ amountMinor: -1n }, 'amount_minor'],
    [{ amountMinor: 5_000_000_001n }, 'amount_minor'],
    [{ merchantId: '012345678901234' }, 'merchant_id'],
    [{ acquirerId: '' }, 'acquirer_id'],
    [{ issuerId: 'ICBC' }, 'issuer_id'],
    [{ businessDate: '2026-02-30' }, 'business_date'],
    [{ businessDate: '2029-01-01' }, 'business_date'],
    [{ currency: 'XXX' }, 'currency'],
  ])('names the field at fault: %j', (changes, field) => {
    expect(detailOf(changes)).toContain(field);
  });

  it('still posts an id from the first day inside the horizon', () => {
    expect(detailOf({ operationId: operationId(1, nowMs - factHorizon.daysBack * dayMs) })).toBe('posted');
  });
});
