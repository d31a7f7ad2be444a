import { describe, expect, it } from '@jest/globals';
import { decode, encode, isoProfiles, parseOriginalDataElements } from '@fourway/iso8583';
import { uuidV7 } from '@fourway/kernel';
import { acquirerReference } from '@fourway/routing';
import { attemptKinds, type AttemptKind } from './attempt-kind.ts';
import { attemptMessage, reversalMessage, saleMessage } from './payment-messages.ts';

const atMs = Date.UTC(2026, 11, 31, 16, 5, 2);
const operationId = uuidV7(atMs, new Uint8Array(10));
const request = {
  operationId,
  attemptNo: 1,
  amountMinor: 2_372n,
  currency: 'CNY',
  cardToken: '6222021234567890128',
  merchantId: '898310048140001',
  terminalId: '00000001',
  mcc: '5411',
  claimedAtMs: atMs,
  localTimeMs: atMs,
};
const reference = acquirerReference(operationId, 1);

describe('payment messages', () => {
  it('states the reference in GMT and the local time at +08:00, over a year end', () => {
    const { mti, fields } = saleMessage('48020000', request);
    expect(mti).toBe('0200');
    expect(fields).toMatchObject({
      4: '000000002372',
      7: '1231160502',
      12: '000502',
      13: '0101',
      22: '032',
      49: '156',
      48: operationId,
    });
    expect(fields).toMatchObject({ 11: reference.stan, 37: reference.rrn });
  });

  it('names the original in DE90, under a STAN of its own, the same in every repeat', () => {
    const first = reversalMessage('48020000', { ...request, repeat: false });
    const second = reversalMessage('48020000', { ...request, repeat: true });
    expect([first.mti, second.mti]).toEqual(['0420', '0421']);
    expect(second.fields).toEqual(first.fields);
    expect(first.fields).toMatchObject({ 11: reference.reversalStan, 37: reference.rrn, 39: '68' });
    expect(parseOriginalDataElements(first.fields[90] ?? '')).toEqual({
      mti: '0200',
      stan: reference.stan,
      transmissionDateTime: reference.transmissionDateTime,
      acquirerId: '48020000',
      forwarderId: '',
    });
  });

  it.each<[AttemptKind, string, string, string]>([
    ['authorize', '0100', '030000', '06'],
    ['capture', '0200', '000000', '06'],
    ['refund', '0220', '200000', '00'],
    ['void_sale', '0200', '200000', '00'],
    ['void_authorize', '0100', '200000', '06'],
    ['void_capture', '0200', '200000', '06'],
  ])('tells a %s by its type, DE3 and DE25, its reversal likewise', (kind, mti, processingCode, condition) => {
    const message = attemptMessage('48020000', { ...request, kind });
    expect(message).toMatchObject({ mti, fields: { 3: processingCode, 25: condition, 37: reference.rrn } });
    const reversal = reversalMessage('48020000', { ...request, kind, repeat: false });
    expect(reversal.fields).toMatchObject({ 3: processingCode, 25: condition });
    expect(parseOriginalDataElements(reversal.fields[90] ?? '').mti).toBe(mti);
  });

  it('names what an operation is on in DE38, DE61 and DE90, under a reference of its own', () => {
    const rootId = uuidV7(atMs - 5_000, new Uint8Array(10).fill(1));
    const root = acquirerReference(rootId, 1);
    const original = { operationId: rootId, attemptNo: 1, kind: 'authorize', authCode: 'A1B2C3' } as const;
    const { fields } = attemptMessage('48020000', { ...request, kind: 'capture', original });
    expect(fields).toMatchObject({
      11: reference.stan,
      37: reference.rrn,
      38: 'A1B2C3',
      48: operationId,
      61: root.rrn,
    });
    expect(parseOriginalDataElements(fields[90] ?? '')).toMatchObject({
      mti: '0100',
      stan: root.stan,
      transmissionDateTime: root.transmissionDateTime,
    });
  });

  it.each(Object.values(isoProfiles))('can be encoded in $name', (profile) => {
    const original = { operationId, attemptNo: 1, kind: 'sale', authCode: '123456' } as const;
    for (const message of [
      ...attemptKinds.map((kind) => attemptMessage('48020000', { ...request, kind, original })),
      ...attemptKinds.map((kind) => reversalMessage('48020000', { ...request, kind, repeat: false })),
      saleMessage('48020000', request),
      reversalMessage('48020000', { ...request, repeat: true }),
    ]) {
      expect(decode(profile, encode(profile, message))).toEqual(message);
    }
  });
});
