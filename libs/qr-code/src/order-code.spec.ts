import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { decodeMpm, valueOf } from './decode-mpm.ts';
import { encodeMpm } from './encode-mpm.ts';
import { golden } from './golden-vectors.fixture.ts';
import { decodeOrderCode, encodeOrderCode, type MerchantFace, type OrderCode } from './order-code.ts';
import { orderOfReference, referenceOfOrder } from './order-reference.ts';
import { QrCodeError } from './qr-code-error.ts';

const order: OrderCode = {
  orderId: '019ab0c1-d2e3-7f45-8a67-89abcdef0123',
  merchantId: '812345678900001',
  terminalId: 'T0000001',
  amountMinor: 12_888n,
  currency: 'CNY',
};
const face: MerchantFace = { name: '老王面馆', city: 'BEIJING', mcc: '5812' };

const orders: fc.Arbitrary<OrderCode> = fc.record({
  orderId: fc.uuid(),
  merchantId: fc.stringMatching(/^[1-9]\d{14}$/),
  terminalId: fc.stringMatching(/^[0-9A-Z]{8}$/),
  amountMinor: fc.bigInt({ min: 1n, max: 5_000_000_000n }),
  currency: fc.constant('CNY' as const),
});
const names = fc.oneof(
  fc.stringMatching(/^[ -~]{1,40}$/),
  fc.stringMatching(/^[一-鿿]{1,40}$/),
  fc.string({ unit: 'grapheme', minLength: 1 }).filter((name) => !/[\p{Cc}\p{Cs}]/u.test(name)),
);
const faces: fc.Arbitrary<MerchantFace> = fc.record({ name: names, city: names, mcc: fc.stringMatching(/^\d{4}$/) });

describe('encodeOrderCode', () => {
  // Made by a few lines of Python with binascii.crc_hqx.
  it('writes this code for this order, byte for byte', () =>
    expect(encodeOrderCode(order, face)).toBe(
      '000201010212265500326d1c2f0e4b7a4f5e9c3a8e21d0b7f4a601158123456789000015204581253031565406128.885802CN5916M8123456789000016007BEIJING6241052503F37AM3CTC1ZTMTIQEOBEIOZ0708T000000164140002ZH0104老王面馆63040270',
    ));

  it('shows a Chinese name in the language template and an ASCII one in tag 59', () => {
    const code = decodeMpm(encodeOrderCode(order, face));
    expect([valueOf(code, '59'), valueOf(code, '64.00'), valueOf(code, '64.01')]).toEqual([
      'M812345678900001',
      'ZH',
      '老王面馆',
    ]);
    const latin = decodeMpm(encodeOrderCode(order, { ...face, name: 'Noodles & More' }));
    expect([valueOf(latin, '59'), valueOf(latin, '64')]).toEqual(['Noodles & More', null]);
  });

  it('is read back for every order and every name', () => {
    fc.assert(
      fc.property(orders, faces, (anOrder, aFace) => {
        const payload = encodeOrderCode(anOrder, aFace);
        expect(decodeOrderCode(payload)).toEqual(anOrder);
        expect(Array.from(payload).length).toBeLessThanOrEqual(250);
      }),
    );
  });

  it('refuses an amount that does not fit', () =>
    expect(() => encodeOrderCode({ ...order, amountMinor: 10n ** 13n }, face)).toThrow(QrCodeError));
});

describe('decodeOrderCode', () => {
  it('refuses every code of which one character was changed, or reads something else', () => {
    const payload = Array.from(encodeOrderCode(order, face));
    const character = fc.oneof(
      fc.stringMatching(/^[0-9A-Z]$/),
      fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
    );
    fc.assert(
      fc.property(fc.nat({ max: payload.length - 1 }), character, (at, other) => {
        fc.pre(payload[at] !== other);
        const changed = payload.with(at, other).join('');
        expect(readOrNull(changed)).not.toEqual(order);
      }),
      { numRuns: 2_000 },
    );
  });

  it.each([
    ['static codes', golden.unionPayStatic, '01'],
    ["other networks' codes", golden.emvExample, '62.05'],
    ['codes of no order', changed('62', '0708T0000001'), '62.05'],
    ['codes without a terminal', changed('62', `0525${referenceOfOrder(order.orderId)}`), '62.07'],
    ['other accounts', changed('26', '0008somebody'), '26'],
    ['other currencies', changed('53', '840'), '53'],
    ['other spellings of the amount', changed('54', '0128.88'), '54'],
    ['amounts without decimals', changed('54', '128'), '54'],
  ])('refuses %s', (_, payload, field) => {
    expect(() => decodeOrderCode(payload)).toThrow(
      expect.objectContaining({ fault: expect.objectContaining({ field }) }),
    );
  });
});

describe('order references', () => {
  it('stand for every id, fit the reference label, and sort as the ids do', () => {
    fc.assert(
      fc.property(fc.uuid(), fc.uuid(), (a, b) => {
        expect(referenceOfOrder(a)).toMatch(/^[0-9A-Z]{25}$/);
        expect(orderOfReference(referenceOfOrder(a))).toBe(a);
        expect(referenceOfOrder(a) < referenceOfOrder(b)).toBe(a < b);
      }),
    );
  });

  it.each(['', 'Z'.repeat(25), 'a'.repeat(25), '0'.repeat(24)])('%j is none', (text) =>
    expect(orderOfReference(text)).toBeNull(),
  );
});

/** The order's code with one value replaced, sound otherwise. */
function changed(tag: string, value: string): string {
  const { fields } = decodeMpm(encodeOrderCode(order, face));
  return encodeMpm({ fields: fields.map((field) => (field.tag === tag ? { tag, value } : field)) });
}

function readOrNull(payload: string): OrderCode | null {
  try {
    return decodeOrderCode(payload);
  } catch (error) {
    if (error instanceof QrCodeError) return null;
    throw error;
  }
}
