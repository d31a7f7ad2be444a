import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { uuidV7 } from '@fourway/kernel';
import { acquirerReference } from './acquirer-reference.ts';

const at = Date.UTC(2026, 10, 22, 14, 5, 2, 777);
const ids = fc
  .tuple(fc.integer({ min: 0, max: Date.UTC(2200, 0) }), fc.uint8Array({ minLength: 10, maxLength: 10 }))
  .map(([atMs, random]) => uuidV7(atMs, random));

/** Ids that differ in their last bits only: the worst case for a weak mix. */
function neighbours(count: number): string[] {
  return Array.from({ length: count }, (_, index) => {
    const random = Buffer.alloc(10);
    random.writeUInt32BE(index, 6);
    return uuidV7(at, random);
  });
}

describe('acquirerReference', () => {
  it('never changes: acquirers hold these references in their books', () => {
    expect(acquirerReference('019aabcd-ef01-7234-9567-89abcdef0123', 1)).toEqual({
      transmissionDateTime: '1122134311',
      stan: '351614',
      rrn: 'SL1AHOSBPIWK',
      reversalStan: '681788',
    });
  });

  it('carries the time of the id in GMT', () => {
    expect(acquirerReference(uuidV7(at, new Uint8Array(10)), 1).transmissionDateTime).toBe('1122140502');
  });

  it('agrees with the calendar on every day up to 2200, leap years and centuries included', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: Date.UTC(2200, 0) }), (atMs) => {
        const id = uuidV7(atMs, new Uint8Array(10));
        const expected = new Date(atMs).toISOString().replace(/\D/g, '').slice(4, 14);
        expect(acquirerReference(id, 1).transmissionDateTime).toBe(expected);
      }),
      {
        numRuns: 2_000,
        examples: [[Date.UTC(2100, 1, 28, 23, 59, 59)], [Date.UTC(2000, 1, 29)], [Date.UTC(2100, 2, 1)], [0]],
      },
    );
  });

  it('fits DE7, DE11 and DE37, and gives the reversal a STAN of its own, for every id and attempt', () => {
    fc.assert(
      fc.property(ids, fc.integer({ min: 1, max: 0xffff }), (id, attemptNo) => {
        const reference = acquirerReference(id, attemptNo);
        expect(reference.transmissionDateTime).toMatch(/^(0[1-9]|1[0-2])[0-3]\d[0-2]\d[0-5]\d[0-5]\d$/);
        expect(reference.stan).toMatch(/^(?!000000)\d{6}$/);
        expect(reference.reversalStan).toMatch(/^(?!000000)\d{6}$/);
        expect(reference.reversalStan).not.toBe(reference.stan);
        expect(reference.rrn).toMatch(/^[0-9A-Z]{12}$/);
        expect(acquirerReference(id, attemptNo)).toEqual(reference);
      }),
    );
  });

  it('tells 50,000 neighbouring ids apart by RRN alone', () => {
    const rrns = new Set(neighbours(50_000).map((id) => acquirerReference(id, 1).rrn));
    expect(rrns.size).toBe(50_000);
  });

  it('tells attempts of one operation apart', () => {
    const [id = ''] = neighbours(1);
    const rrns = new Set(Array.from({ length: 1_000 }, (_, index) => acquirerReference(id, index + 1).rrn));
    expect(rrns.size).toBe(1_000);
  });

  it('spreads STANs evenly: no tenth of their range has 10 % more or less than its share', () => {
    const tenths = new Array<number>(10).fill(0);
    for (const id of neighbours(100_000)) {
      const tenth = Math.floor(Number(acquirerReference(id, 1).stan) / 100_000);
      tenths[tenth] = (tenths[tenth] ?? 0) + 1;
    }
    for (const count of tenths) expect(Math.abs(count - 10_000)).toBeLessThan(1_000);
  });

  it.each([
    ['an id of another version', '550e8400-e29b-41d4-a716-446655440000', 1],
    ['attempt 0', '019aabcd-ef01-7234-9567-89abcdef0123', 0],
    ['a fraction of an attempt', '019aabcd-ef01-7234-9567-89abcdef0123', 1.5],
  ])('refuses %s', (_, id, attemptNo) => expect(() => acquirerReference(id, attemptNo)).toThrow(/broken invariant/));
});
