import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { bookHeader, formatBookLine, parseBookLine } from './book-entry.ts';

const text = (pattern: RegExp): fc.Arbitrary<string> => fc.stringMatching(pattern);

describe('a line of the book', () => {
  it('gives back its entry', () => {
    const entries = fc.record({
      type: fc.constantFrom('sale' as const, 'reversal' as const),
      operationId: text(/^[ -~]{0,40}$/),
      rrn: text(/^[0-9A-Z]{12}$/),
      stan: text(/^[0-9]{6}$/),
      transmissionDateTime: text(/^[0-9]{10}$/),
      amountMinor: fc.bigInt({ min: 0n, max: 999_999_999_999n }),
      currency: text(/^[0-9]{3}$/),
      responseCode: text(/^[0-9A-Z]{2}$/),
      authCode: text(/^([0-9A-Z]{6})?$/),
      status: fc.constantFrom('approved' as const, 'declined' as const, 'reversed' as const, 'tombstone' as const),
    });
    fc.assert(
      fc.property(entries, (entry) => expect(parseBookLine(formatBookLine(entry).slice(0, -1))).toEqual(entry)),
    );
  });

  it.each(['', '# a remark', 'sale\ttorn', bookHeader.trim()])('is not %j', (line) =>
    expect(parseBookLine(line)).toBeUndefined(),
  );
});
