import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { bcdProfile, decode, encode, ISO87A, ISO87B, Iso8583Error, maxMessageBytes } from './index.ts';
import { iso87Elements } from './field-spec.ts';
import type { CharacterClass } from './character-class.ts';
import type { FieldSpec } from './field-spec.ts';
import type { Iso8583Message, Iso8583Profile } from './index.ts';

const alphabets: Record<CharacterClass, string> = {
  n: '0123456789',
  'x+n': '0123456789CD',
  an: '0123456789ABCXYZabcxyz ',
  ans: Array.from({ length: 0x5f }, (_, index) => String.fromCharCode(0x20 + index)).join(''),
  z: '0123456789',
  b: '0123456789ABCDEF',
};

const value = ({ characters, length, prefixDigits }: FieldSpec): fc.Arbitrary<string> =>
  fc.string({
    unit: fc.constantFrom(...alphabets[characters].split('')),
    minLength: prefixDigits === 0 ? length : 0,
    maxLength: length,
  });

const mti = fc.constantFrom('0100', '0110', '0200', '0210', '0220', '0420', '0421', '0430', '0800', '0810');
const fields = fc
  .subarray([...iso87Elements.values()])
  .chain((specs) => fc.tuple(...specs.map((spec) => value(spec).map((text) => [spec.field, text] as const))))
  .map((entries) => Object.fromEntries(entries));
const messages: fc.Arbitrary<Iso8583Message> = fc.record({ mti, fields });
const profiles = fc.constantFrom(ISO87A, ISO87B);

/** The error of a call that must have one. */
function errorOf(call: () => unknown): Iso8583Error {
  try {
    call();
  } catch (error) {
    if (error instanceof Iso8583Error) return error;
    throw error;
  }
  throw new Error('no error');
}

function decodesOrRefuses(profile: Iso8583Profile, bytes: Buffer): void {
  try {
    decode(profile, bytes);
  } catch (error) {
    if (!(error instanceof Iso8583Error)) throw error;
  }
}

describe('the codec', () => {
  it('gives back every message it has written, in both profiles', () => {
    fc.assert(
      fc.property(profiles, messages, (profile, message) =>
        expect(decode(profile, encode(profile, message))).toEqual(message),
      ),
    );
  });

  it('refuses every message that was cut off, at every byte', () => {
    fc.assert(
      fc.property(profiles, messages, fc.nat(), (profile, message, at) => {
        const bytes = encode(profile, message);
        expect(() => decode(profile, bytes.subarray(0, at % bytes.length))).toThrow(Iso8583Error);
      }),
    );
  });

  it('throws nothing but its own error on noise', () => {
    fc.assert(
      fc.property(profiles, fc.uint8Array({ maxLength: 300 }), (profile, noise) =>
        decodesOrRefuses(profile, Buffer.from(noise)),
      ),
      {
        numRuns: 2_000,
      },
    );
  });

  it('throws nothing but its own error on messages with a few bytes changed', () => {
    const changes = fc.array(fc.tuple(fc.nat(), fc.nat({ max: 255 })), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(profiles, messages, changes, (profile, message, changed) => {
        const bytes = encode(profile, message);
        for (const [at, byte] of changed) bytes[at % bytes.length] = byte;
        decodesOrRefuses(profile, bytes);
      }),
      { numRuns: 1_000 },
    );
  });

  it('sets bit 1 only for elements above 64', () => {
    expect(encode(ISO87A, { mti: '0200', fields: { 3: '000000' } }).toString()).toBe('02002000000000000000000000');
    expect(encode(ISO87A, { mti: '0800', fields: { 70: '301' } }).toString()).toBe(
      '080080000000000000000400000000000000301',
    );
  });

  it('takes a second bitmap that says nothing, as some hosts send it', () => {
    expect(decode(ISO87A, Buffer.from('0200A0000000000000000000000000000000000000'))).toEqual({
      mti: '0200',
      fields: { 3: '000000' },
    });
  });

  it('fills odd digits on the side that the profile names for each element', () => {
    const right = bcdProfile('filled right', [22]);
    const message = { mti: '0200', fields: { 22: '031' } };
    expect(encode(ISO87B, message).subarray(10).toString('hex')).toBe('0031');
    expect(encode(right, message).subarray(10).toString('hex')).toBe('0310');
    expect(decode(right, encode(right, message))).toEqual(message);
  });

  it("writes track 2's separator as the nibble D", () => {
    const message = { mti: '0200', fields: { 35: '6222021234567890=2512' } };
    expect(encode(ISO87B, message).subarray(10).toString('hex')).toBe('2162220212345678 90d25120'.replace(' ', ''));
    expect(decode(ISO87B, encode(ISO87B, message))).toEqual(message);
  });
});

describe('an error names code, element and place', () => {
  it.each([
    ['a short fixed element', { 41: '1' }, 'field_length', 41],
    ['a long variable element', { 2: '1'.repeat(20) }, 'field_length', 2],
    ['a letter among digits', { 4: '00000000237X' }, 'field_character', 4],
    ['a character outside Latin 1', { 48: '码' }, 'field_character', 48],
    ['an element that is none', { 65: '1' }, 'field_unknown', 65],
    ['an element above 128', { 200: '1' }, 'field_unknown', 200],
    ['an element below 2', { 1: '1' }, 'field_unknown', 1],
  ])('on encoding %s', (_, elements, code, field) => {
    expect(errorOf(() => encode(ISO87A, { mti: '0200', fields: elements }))).toMatchObject({ code, field });
  });

  it.each([
    ['a message type of another version', '1200', { code: 'mti_invalid', field: 0, offset: 0 }],
    ['a bitmap with a letter', '0200G000000000000000', { code: 'bitmap_invalid', field: 1, offset: 4 }],
    ['half a bitmap', '02002000', { code: 'message_truncated', field: 1, offset: 4 }],
    ['a length that is no number', '020040000000000000001X6', { code: 'length_prefix_invalid', field: 2, offset: 20 }],
    ['a length above the most', '0200400000000000000020', { code: 'length_prefix_invalid', field: 2, offset: 20 }],
    ['an element that ends early', '0200400000000000000019622', { code: 'message_truncated', field: 2, offset: 22 }],
    ['a letter among digits', '0200200000000000000000000A', { code: 'field_character', field: 3, offset: 25 }],
    ['bytes behind the end', '02002000000000000000000000 ', { code: 'trailing_bytes', field: null, offset: 26 }],
    [
      'the bit of a third bitmap',
      '020080000000000000008000000000000000',
      { code: 'field_unknown', field: 65, offset: 36 },
    ],
  ])('on decoding %s', (_, bytes, expected) => {
    expect(errorOf(() => decode(ISO87A, Buffer.from(bytes, 'latin1')))).toMatchObject(expected);
  });

  it.each([
    ['a nibble that is no digit', '0200200000000000000000000a', 'field_character', 3],
    ['filling that is not zero', '020000000400000000001031', 'field_padding', 22],
    ['a length that is no number', '020040000000000000001a', 'length_prefix_invalid', 2],
  ])('on decoding packed: %s', (_, bytes, code, field) => {
    expect(errorOf(() => decode(ISO87B, Buffer.from(bytes, 'hex')))).toMatchObject({ code, field });
  });

  it('and never the value: it may be a card', () => {
    const error = errorOf(() => encode(ISO87A, { mti: '0200', fields: { 2: '622202123456789012X' } }));
    expect(`${error.message} ${JSON.stringify(error)}`).not.toContain('622202');
  });
});

it('has room for the longest message there can be', () => {
  const longest = [...iso87Elements.values()].map(({ field, characters, length }) => [
    field,
    (characters === 'b' ? 'F' : '1').repeat(length),
  ]);
  const message: Iso8583Message = { mti: '0200', fields: Object.fromEntries(longest) };
  const bytes = encode(ISO87A, message);
  expect(bytes.length).toBeLessThan(maxMessageBytes);
  expect(decode(ISO87A, bytes)).toEqual(message);
});
