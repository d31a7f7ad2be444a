import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { FeeTerms } from './fee-terms.ts';
import { acquirerGetsMinor, issuerPaysMinor, merchantNetMinor, postingsOf, type CaptureFact } from './postings.ts';
import { splitFees, type FeeSplit } from './split-fees.ts';

const terms: FeeTerms = {
  mdrPpm: 6_000n,
  issuerDebitPpm: 3_500n,
  issuerCreditPpm: 4_500n,
  issuerDebitCapMinor: 1_300n,
  networkPpm: 325n,
  networkCapMinor: 325n,
  marginParts: [30n, 50n, 20n],
};
const parties = {
  issuerId: '01020000',
  merchantId: '812345678901234',
  acquirerId: '48021000',
  providerId: 'sp-1',
  agentId: 'agent-1',
};
const fact = (grossMinor: bigint, fees: FeeSplit): CaptureFact => ({ grossMinor, currency: 'CNY', parties, fees });

describe('splitFees', () => {
  it('splits the worked credit sale of CNY 128.88 to the fen', () => {
    const fees = splitFees(12_888n, 'credit', terms);
    expect(fees).toEqual({
      mdrMinor: 77n,
      issuerFeeMinor: 58n,
      networkFeeIssuerMinor: 4n,
      networkFeeAcquirerMinor: 4n,
      acquirerMarginMinor: 5n,
      providerShareMinor: 7n,
      agentShareMinor: 3n,
    });
    const sale = fact(12_888n, fees);
    expect([merchantNetMinor(sale), issuerPaysMinor(sale), acquirerGetsMinor(sale)]).toEqual([
      12_811n,
      12_834n,
      12_826n,
    ]);
  });

  it('splits the worked debit sale of CNY 10,000.00 with both caps', () => {
    const fees = splitFees(1_000_000n, 'debit', terms);
    expect(fees).toEqual({
      mdrMinor: 6_000n,
      issuerFeeMinor: 1_300n,
      networkFeeIssuerMinor: 325n,
      networkFeeAcquirerMinor: 325n,
      acquirerMarginMinor: 1_313n,
      providerShareMinor: 2_187n,
      agentShareMinor: 875n,
    });
    const sale = fact(1_000_000n, fees);
    expect([merchantNetMinor(sale), issuerPaysMinor(sale), acquirerGetsMinor(sale)]).toEqual([
      994_000n,
      999_025n,
      998_375n,
    ]);
  });

  it('leaves a negative margin to the acquirer alone', () => {
    const fees = splitFees(10_000n, 'credit', { ...terms, mdrPpm: 1_000n });
    expect(fees).toMatchObject({
      mdrMinor: 10n,
      acquirerMarginMinor: -38n,
      providerShareMinor: 0n,
      agentShareMinor: 0n,
    });
  });

  it('keeps the discount the sum of its parts, and no share negative, for any terms and amount', () => {
    fc.assert(
      fc.property(anyGross, anyCardType, anyTerms, (gross, cardType, anyOfTerms) => {
        const fees = splitFees(gross, cardType, anyOfTerms);
        expect(
          fees.issuerFeeMinor +
            fees.networkFeeAcquirerMinor +
            fees.acquirerMarginMinor +
            fees.providerShareMinor +
            fees.agentShareMinor,
        ).toBe(fees.mdrMinor);
        expect(fees.providerShareMinor >= 0n && fees.agentShareMinor >= 0n).toBe(true);
      }),
    );
  });

  it('never takes less of a larger sale, and never more than the cap', () => {
    fc.assert(
      fc.property(anyGross, anyGross, anyTerms, (one, other, anyOfTerms) => {
        const [smaller, larger] = one < other ? [one, other] : [other, one];
        const [low, high] = [splitFees(smaller, 'debit', anyOfTerms), splitFees(larger, 'debit', anyOfTerms)];
        expect(low.mdrMinor <= high.mdrMinor && low.issuerFeeMinor <= high.issuerFeeMinor).toBe(true);
        if (anyOfTerms.issuerDebitCapMinor > 0n)
          expect(high.issuerFeeMinor <= anyOfTerms.issuerDebitCapMinor).toBe(true);
        if (anyOfTerms.networkCapMinor > 0n)
          expect(high.networkFeeIssuerMinor <= anyOfTerms.networkCapMinor).toBe(true);
      }),
    );
  });
});

describe('postingsOf', () => {
  it('has legs that sum to zero for any sale', () => {
    fc.assert(
      fc.property(anyGross, anyCardType, anyTerms, (gross, cardType, anyOfTerms) => {
        const legs = postingsOf(fact(gross, splitFees(gross, cardType, anyOfTerms)));
        expect(legs.reduce((sum, { amountMinor }) => sum + amountMinor, 0n)).toBe(0n);
      }),
    );
  });

  it('has a network book and a book of the acquirer, and each sums to zero', () => {
    fc.assert(
      fc.property(anyGross, anyCardType, anyTerms, (gross, cardType, anyOfTerms) => {
        const legs = postingsOf(fact(gross, splitFees(gross, cardType, anyOfTerms)));
        const network = legs.filter(({ account }) => account.purpose === 'clearing' || account.ownerType === 'network');
        expect(network.reduce((sum, { amountMinor }) => sum + amountMinor, 0n)).toBe(0n);
      }),
    );
  });

  it('moves nine accounts, each once', () => {
    const legs = postingsOf(fact(12_888n, splitFees(12_888n, 'credit', terms)));
    expect(
      legs.map(({ account, amountMinor }) => [account.ownerType, account.ownerId, account.purpose, amountMinor]),
    ).toEqual([
      ['issuer', '01020000', 'clearing', -12_834n],
      ['merchant', '812345678901234', 'payable', 12_811n],
      ['provider', 'sp-1', 'payable', 7n],
      ['agent', 'agent-1', 'payable', 3n],
      ['acquirer', '48021000', 'margin', 5n],
      ['network', 'switch', 'fee_issuer', 4n],
      ['network', 'switch', 'fee_acquirer', 4n],
      ['acquirer', '48021000', 'clearing', 12_826n],
      ['acquirer', '48021000', 'funding', -12_826n],
    ]);
  });

  it('has no leg for a party that gets nothing', () => {
    const fees = splitFees(10_000n, 'credit', { ...terms, mdrPpm: 1_000n });
    expect(postingsOf(fact(10_000n, fees)).map(({ account }) => account.ownerType)).not.toContain('agent');
  });
});

const anyGross = fc.bigInt({ min: 0n, max: 5_000_000_000n });
const anyCardType = fc.constantFrom('debit' as const, 'credit' as const);
const anyPpm = fc.bigInt({ min: 0n, max: 1_000_000n });
const anyCap = fc.bigInt({ min: 0n, max: 10_000n });
const anyParts = fc.bigInt({ min: 0n, max: 1_000n });
const anyTerms: fc.Arbitrary<FeeTerms> = fc.record({
  mdrPpm: anyPpm,
  issuerDebitPpm: anyPpm,
  issuerCreditPpm: anyPpm,
  issuerDebitCapMinor: anyCap,
  networkPpm: anyPpm,
  networkCapMinor: anyCap,
  marginParts: fc.tuple(anyParts, anyParts, anyParts),
});
