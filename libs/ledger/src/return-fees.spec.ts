import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { feesReturned, negated, noFees, sumOf, type GrossAndFees } from './return-fees.ts';
import { splitFees } from './split-fees.ts';
import type { FeeTerms } from './fee-terms.ts';

const terms: FeeTerms = {
  mdrPpm: 6_000n,
  ...{ issuerDebitPpm: 3_500n, issuerCreditPpm: 4_500n, issuerDebitCapMinor: 1_300n },
  ...{ networkPpm: 325n, networkCapMinor: 325n, marginParts: [30n, 50n, 20n] },
};
const nothing: GrossAndFees = { grossMinor: 0n, fees: noFees };
const captured = (grossMinor: bigint, cardType: 'debit' | 'credit' = 'credit', of = terms): GrossAndFees => ({
  grossMinor,
  fees: splitFees(grossMinor, cardType, of),
});

/** Refunds one after the other; returns what each posted. */
function refunds(of: GrossAndFees, amounts: readonly bigint[]): GrossAndFees[] {
  let returned = nothing;
  return amounts.map((amount) => {
    const posted = feesReturned(of, returned, amount);
    returned = sumOf(returned, posted);
    return posted;
  });
}

describe('feesReturned', () => {
  it('returns the fees of CNY 128.88 in three parts as in the worked example', () => {
    const posted = refunds(captured(12_888n), [5_000n, 5_000n, 2_888n]);
    const column = (name: keyof typeof noFees): number[] => posted.map(({ fees }) => -Number(fees[name]));
    expect(column('mdrMinor')).toEqual([30, 30, 17]);
    expect(column('issuerFeeMinor')).toEqual([23, 22, 13]);
    expect(column('networkFeeAcquirerMinor')).toEqual([2, 1, 1]);
    expect(column('acquirerMarginMinor')).toEqual([2, 2, 1]);
    expect(column('providerShareMinor')).toEqual([2, 4, 1]);
    expect(column('agentShareMinor')).toEqual([1, 1, 1]);
  });

  it('returns exactly what was charged once all is refunded, in any parts, and every part sums to zero', () => {
    const cases = fc.record({
      parts: fc.array(fc.bigInt(1n, 100_000_000n), { minLength: 1, maxLength: 12 }),
      cardType: fc.constantFrom('debit' as const, 'credit' as const),
      mdrPpm: fc.bigInt(0n, 20_000n),
      marginParts: fc.tuple(fc.bigInt(0n, 100n), fc.bigInt(0n, 100n), fc.bigInt(0n, 100n)),
    });
    fc.assert(
      fc.property(cases, ({ parts, cardType, mdrPpm, marginParts }) => {
        const grossMinor = parts.reduce((sum, part) => sum + part, 0n);
        const sale = captured(grossMinor, cardType, { ...terms, mdrPpm, marginParts });
        const posted = refunds(sale, parts);
        for (const { fees } of posted) {
          const { issuerFeeMinor, networkFeeAcquirerMinor, acquirerMarginMinor, providerShareMinor, agentShareMinor } =
            fees;
          expect(fees.mdrMinor).toBe(
            issuerFeeMinor + networkFeeAcquirerMinor + acquirerMarginMinor + providerShareMinor + agentShareMinor,
          );
        }
        expect(posted.reduce(sumOf, nothing)).toEqual(negated(sale));
      }),
    );
  });

  it('does not return more than was captured', () => {
    expect(() => feesReturned(captured(100n), nothing, 101n)).toThrow('at most what is left');
  });
});
