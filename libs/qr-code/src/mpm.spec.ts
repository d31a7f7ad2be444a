import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { crcOf } from './crc.ts';
import { decodeMpm, valueOf } from './decode-mpm.ts';
import { encodeMpm } from './encode-mpm.ts';
import { golden } from './golden-vectors.fixture.ts';
import { QrCodeError } from './qr-code-error.ts';

/** `field code` of the fault, or the code itself where it was taken. */
function verdict(payload: string): string {
  try {
    return JSON.stringify(decodeMpm(payload));
  } catch (error) {
    if (!(error instanceof QrCodeError)) throw error;
    return `${error.fault.field} ${error.fault.code}`;
  }
}

const sealed = (body: string): string => `${body}6304${crcOf(`${body}6304`)}`;
const minimal = '0002010102122612000801234567520458125303156540512.885802CN5904Name6007BEIJING';

describe('crcOf', () => {
  it.each([
    ['123456789', '29B1'],
    ['a', '9D77'],
    ['abc', '514A'],
    ['abcdefghij', '4213'],
    ['', 'FFFF'],
  ])('of %j is %s', (text, crc) => expect(crcOf(text)).toBe(crc));
});

describe('golden vectors', () => {
  it.each(['emvExample', 'emvReordered', 'unionPayStatic'] as const)(
    '%s is read and written again byte for byte',
    (name) => {
      expect(encodeMpm(decodeMpm(golden[name]))).toBe(golden[name]);
    },
  );

  it('counts characters, not bytes, in lengths', () => {
    const code = decodeMpm(golden.emvExample);
    expect(Buffer.byteLength(golden.emvExample)).toBeGreaterThan(golden.emvExample.length);
    expect([valueOf(code, '64.01'), valueOf(code, '64.02'), valueOf(code, '54')]).toEqual([
      '最佳运输',
      '北京',
      '23.72',
    ]);
  });

  it('keeps unknown templates', () =>
    expect(valueOf(decodeMpm(golden.emvReordered), '80.00')).toBe('39401ff0c21a4543a8ed5fbaa30ab02e'));

  it("reads UnionPay's tag 15 as one value and nothing of a payload the code does not have", () => {
    const code = decodeMpm(golden.unionPayStatic);
    expect(valueOf(code, '15')).toBe('3427059100020344000000000000096');
    expect([valueOf(code, '54'), valueOf(code, '64.01'), valueOf(code, '62.01')]).toEqual([
      null,
      null,
      '00000000000000000000',
    ]);
  });

  it('refuses the published sample that is wrong, with its own checksum and with the right one', () => {
    expect(verdict(golden.wrongSample)).toBe('63 checksum_wrong');
    expect(verdict(sealed(golden.wrongSample.slice(0, -8)))).toBe('00 length_malformed');
  });
});

describe('decodeMpm refuses', () => {
  it.each([
    ['nothing', '', '63 checksum_missing'],
    ['text', 'https://qr.95516.com/00010000/1', '63 checksum_missing'],
    ['a missing checksum', minimal, '63 checksum_missing'],
    ['a checksum in small letters', sealed(minimal).toLowerCase(), '63 checksum_missing'],
    ['a wrong checksum', `${minimal}63040000`, '63 checksum_wrong'],
    ['something after the checksum', `${sealed(minimal)} `, '63 checksum_missing'],
    ['another first tag', sealed(minimal.slice(6)), '00 not_first'],
    ['a later version', sealed(minimal.replace('000201', '000202')), '00 format'],
    ['a third kind of code', sealed(minimal.replace('010212', '010213')), '01 format'],
    ['a tag that is no number', sealed(`${minimal}AA0101`), 'at 77 tag_malformed'],
    ['a length that is no number', sealed(`${minimal}61A1x`), '61 length_malformed'],
    ['a value cut short', sealed(`${minimal}6199x`), '61 value_cut_short'],
    ['an empty value', sealed(`${minimal}6100`), '61 value_cut_short'],
    ['a tag given twice', sealed(`${minimal}5303156`), '53 tag_given_twice'],
    ['a tag given twice in a template', sealed(`${minimal}62140503abc0503abc`), '62.05 tag_given_twice'],
    ['a template that is none', sealed(`${minimal}6204text`), '62. tag_malformed'],
    ['a template without its GUID', sealed(minimal.replace('26120008', '26120108')), '26.00 tag_missing'],
    ['an amount of nothing', sealed(minimal.replace('540512.88', '540500.00')), '54 format'],
    ['an amount with a comma', sealed(minimal.replace('12.88', '12,88')), '54 format'],
    ['a country in small letters', sealed(minimal.replace('CN', 'cn')), '58 format'],
    ['a name that is too long', sealed(minimal.replace('5904Name', `5926${'x'.repeat(26)}`)), '59 format'],
    ['Chinese in tag 59', sealed(minimal.replace('5904Name', '5902北京')), '59 format'],
    ['a language template without a name', sealed(`${minimal}64060002ZH`), '64.01 tag_missing'],
    ['a fixed tip without its amount', sealed(`${minimal}550202`), '56 tip_mismatch'],
    ['a percentage nobody announced', sealed(`${minimal}57015`), '57 tip_mismatch'],
    ['a merchant account nobody has', sealed(minimal.replace('26120008', '80120008')), '02 no_merchant_account'],
    ['more than 512 characters', 'x'.repeat(513), '00 payload_too_long'],
  ])('%s', (_, payload, fault) => expect(verdict(payload)).toBe(fault));

  it.each([
    ['52', '52045812'],
    ['53', '5303156'],
    ['58', '5802CN'],
    ['59', '5904Name'],
    ['60', '6007BEIJING'],
  ])('a code without tag %s', (tag, object) =>
    expect(verdict(sealed(minimal.replace(object, '')))).toBe(`${tag} tag_missing`),
  );

  it('nothing without saying tag, rule and remedy, whatever the text is', () => {
    const body = fc.oneof(fc.string({ unit: 'binary' }), fc.stringMatching(/^\d{0,60}$/));
    fc.assert(
      fc.property(body, fc.boolean(), (text, isSealed) => {
        try {
          decodeMpm(isSealed ? sealed(text) : text);
        } catch (error) {
          if (!(error instanceof QrCodeError)) throw error;
          const { field, rule, remedy } = error.fault;
          expect([field, rule, remedy].every((words) => words !== '')).toBe(true);
        }
      }),
    );
  });
});

describe('encodeMpm', () => {
  it('refuses what could not be read again', () => {
    expect(() => encodeMpm({ fields: [{ tag: '00', value: '01' }] })).toThrow(QrCodeError);
    expect(() => encodeMpm({ fields: [{ tag: '00', value: '' }] })).toThrow('tag 00: must be 1 to 99 characters');
  });
});
