import { describe, expect, it } from '@jest/globals';
import { decode, encode, frame, ISO87A, ISO87B, parseOriginalDataElements } from './index.ts';
import type { Iso8583Message, Iso8583Profile } from './index.ts';

const purchase = {
  2: '6222021234567890128',
  3: '000000',
  4: '000000002372',
  7: '1122140502',
  11: '000002',
  12: '220502',
  13: '1122',
  18: '5411',
  22: '031',
  25: '00',
  32: '48020000',
  37: '532622000002',
  41: '00000001',
  42: '898310048140001',
  49: '156',
};

interface Vector {
  readonly name: string;
  readonly profile: Iso8583Profile;
  readonly bytes: Buffer;
  readonly message: Iso8583Message;
}

const text = (characters: string): Buffer => Buffer.from(characters, 'latin1');
const hex = (digits: string): Buffer => Buffer.from(digits, 'hex');

/** Exchanged with an independent implementation. */
const vectors: readonly Vector[] = [
  {
    name: 'I1, a purchase in text',
    profile: ISO87A,
    bytes: text(
      '02007238448108C0800019622202123456789012800000000000000237211221405020000022205021122541103100084802000053262200000200000001898310048140001156',
    ),
    message: { mti: '0200', fields: purchase },
  },
  {
    name: 'I2, the same purchase packed',
    profile: ISO87B,
    bytes: hex(
      '02007238448108C08000196222021234567890128000000000000000237211221405020000022205021122541100310008480200003533323632323030303030323030303030303031383938333130303438313430303031313536',
    ),
    message: { mti: '0200', fields: purchase },
  },
  {
    name: 'I3, its approval',
    profile: ISO87A,
    bytes: text(
      '0210723844810EC080001962220212345678901280000000000000023721122140502000002220502112254110310008480200005326220000021234560000000001898310048140001156',
    ),
    message: { mti: '0210', fields: { ...purchase, 38: '123456', 39: '00' } },
  },
  {
    name: 'I4, an echo in text',
    profile: ISO87A,
    bytes: text('0800822000000000000004000000000000001122140501000001301'),
    message: { mti: '0800', fields: { 7: '1122140501', 11: '000001', 70: '301' } },
  },
  {
    name: 'I4, an echo packed',
    profile: ISO87B,
    bytes: hex('08008220000000000000040000000000000011221405010000010301'),
    message: { mti: '0800', fields: { 7: '1122140501', 11: '000001', 70: '301' } },
  },
  {
    name: 'I5, a repeated reversal',
    profile: ISO87A,
    bytes: text(
      '0421F23844810AC0800000000040000000001962220212345678901280000000000000023721122140502000004220502112254110310008480200005326220000026800000001898310048140001156020000000211221405020004802000000000000000',
    ),
    message: {
      mti: '0421',
      fields: { ...purchase, 11: '000004', 39: '68', 90: '020000000211221405020004802000000000000000' },
    },
  },
];

describe.each(vectors)('$name', ({ profile, bytes, message }) => {
  it('is what the message encodes to, byte for byte', () => expect(encode(profile, message)).toEqual(bytes));

  it('decodes to the message', () => expect(decode(profile, bytes)).toEqual(message));
});

it('frames I1 with its 142 bytes before it', () => {
  const bytes = vectors[0]?.bytes ?? Buffer.alloc(0);
  expect(frame(bytes)).toEqual(Buffer.concat([hex('008e'), bytes]));
});

it("takes I5's original data elements apart", () => {
  expect(parseOriginalDataElements('020000000211221405020004802000000000000000')).toEqual({
    mti: '0200',
    stan: '000002',
    transmissionDateTime: '1122140502',
    acquirerId: '48020000',
    forwarderId: '',
  });
});
