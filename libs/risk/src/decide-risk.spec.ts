import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { bucketMs, bucketOf, bucketsBehind, defaultCardLimits } from './card-limits.ts';
import { decideRisk, riskReasons, type RiskFacts } from './decide-risk.ts';

const limits = defaultCardLimits;
const facts = (changes: Partial<RiskFacts> = {}): RiskFacts => ({
  denyList: 'clear',
  denyListStale: false,
  use: { count: 1, sumMinor: 100n },
  ...changes,
});

const anyFacts: fc.Arbitrary<RiskFacts> = fc.record({
  denyList: fc.constantFrom('clear', 'listed', 'unavailable'),
  denyListStale: fc.boolean(),
  use: fc.option(
    fc.record({ count: fc.integer({ min: 1, max: 60 }), sumMinor: fc.bigInt({ min: 1n, max: 60_000_000n }) }),
  ),
});

describe('decideRisk', () => {
  it.each<[string, Partial<RiskFacts>, 'accept' | 'decline', string[]]>([
    ['a card without history', {}, 'accept', []],
    ['a card at both limits', { use: { count: 20, sumMinor: 20_000_000n } }, 'accept', []],
    ['one payment too many', { use: { count: 21, sumMinor: 100n } }, 'decline', ['card_count_exceeded']],
    ['one fen too many', { use: { count: 1, sumMinor: 20_000_001n } }, 'decline', ['card_sum_exceeded']],
    ['a denied card', { denyList: 'listed' }, 'decline', ['card_denied']],
    ['missing counters', { use: null }, 'decline', ['limit_unavailable']],
    ['a deny list that was never read', { denyList: 'unavailable' }, 'decline', ['deny_list_unavailable']],
    ['a deny list that is not fresh', { denyListStale: true }, 'accept', ['deny_list_stale']],
  ])('%s', (_, changes, verdict, reasons) =>
    expect(decideRisk(facts(changes), limits)).toMatchObject({ verdict, reasons }),
  );

  it('accepts only within both limits, off the list and with everything that a hard limit needs', () => {
    fc.assert(
      fc.property(anyFacts, (given) => {
        const within =
          given.use !== null && given.use.count <= limits.hourlyCount && given.use.sumMinor <= limits.hourlySumMinor;
        expect(decideRisk(given, limits).verdict).toBe(within && given.denyList === 'clear' ? 'accept' : 'decline');
      }),
    );
  });

  it('turns no decline into an acceptance when facts are lost', () => {
    fc.assert(
      fc.property(anyFacts, (given) => {
        const lost = [
          { ...given, use: null },
          { ...given, denyList: 'unavailable' as const },
        ];
        for (const less of lost) expect(decideRisk(less, limits).verdict).toBe('decline');
      }),
    );
  });

  it('gives every decline a reason, a score from 80 to 100, and every acceptance one from 0 to 79', () => {
    fc.assert(
      fc.property(anyFacts, (given) => {
        const { verdict, score, reasons } = decideRisk(given, limits);
        expect(score >= (verdict === 'decline' ? 80 : 0) && score <= (verdict === 'decline' ? 100 : 79)).toBe(true);
        expect(verdict === 'accept' || reasons.length > 0).toBe(true);
        expect(reasons).toEqual(riskReasons.filter((reason) => reasons.includes(reason)));
      }),
    );
  });

  it('marks a decision that rests on less than it should', () => {
    fc.assert(
      fc.property(anyFacts, (given) => {
        const complete = given.use !== null && given.denyList !== 'unavailable' && !given.denyListStale;
        expect(decideRisk(given, limits).degraded).toBe(!complete);
      }),
    );
  });
});

describe('the sliding hour', () => {
  it('is never shorter than an hour nor longer than 65 minutes', () => {
    fc.assert(
      fc.property(fc.nat(2_000_000_000), (atMs) => {
        const windowMs = atMs - (bucketOf(atMs) - bucketsBehind) * bucketMs;
        expect(windowMs >= 3_600_000 && windowMs < 3_900_000).toBe(true);
      }),
    );
  });
});
