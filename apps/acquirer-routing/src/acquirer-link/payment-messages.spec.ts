import { describe, expect, it } from '@jest/globals';
import { decode, encode, isoProfiles, parseOriginalDataElements } from '@fourway/iso8583';
import { uuidV7 } from '@fourway/kernel';
import { acquirerReference } from '@fourway/routing';
import { reversalMessage, saleMessage } from './payment-messages.ts';

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

  it.each(Object.values(isoProfiles))('can be encoded in $name', (profile) => {
    for (const message of [
      saleMessage('48020000', request),
      reversalMessage('48020000', { ...request, repeat: true }),
    ]) {
      expect(decode(profile, encode(profile, message))).toEqual(message);
    }
  });
});
