import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { buildOriginalDataElements, Iso8583Error, parseOriginalDataElements } from './index.ts';

const digits = (length: number): fc.Arbitrary<string> =>
  fc.string({ unit: fc.constantFrom(...'0123456789'.split('')), minLength: length, maxLength: length });
const identification = fc.integer({ min: 0, max: 99_999_999_999 }).map((id) => (id === 0 ? '' : String(id)));

describe('DE90', () => {
  it('is 42 digits and gives back its parts', () => {
    const originals = fc.record({
      mti: digits(4),
      stan: digits(6),
      transmissionDateTime: digits(10),
      acquirerId: identification,
      forwarderId: identification,
    });
    fc.assert(
      fc.property(originals, (original) => {
        const text = buildOriginalDataElements(original);
        expect(text).toMatch(/^\d{42}$/);
        expect(parseOriginalDataElements(text)).toEqual(original);
      }),
    );
  });

  it.each(['', '1'.repeat(41), '1'.repeat(43), `${'1'.repeat(41)}x`])('refuses %j', (text) => {
    expect(() => parseOriginalDataElements(text)).toThrow(Iso8583Error);
  });

  it('refuses parts of another length', () => {
    const original = {
      mti: '0200',
      stan: '2',
      transmissionDateTime: '1122140502',
      acquirerId: '48020000',
      forwarderId: '',
    };
    expect(() => buildOriginalDataElements(original)).toThrow(Iso8583Error);
  });
});
