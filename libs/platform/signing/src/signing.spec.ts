import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { deriveApiKey, formatKeyId, parseKeyId } from './api-key.ts';
import { signRequest } from './sign-request.ts';
import { maxClockDifferenceMs, RequestVerifier, verifyRequest, type RequestToVerify } from './verify-request.ts';

const masterKey = Buffer.from('000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f', 'hex');
const nowMs = 1_763_800_000_000;
const request = { method: 'POST', path: '/v1/orders?a=1', body: '{"amountMinor":12888}' };
const keyId = 'merchant:812345678900001.3';
const key = deriveApiKey(masterKey, 'merchant:812345678900001', 3);
const headers = signRequest({ ...request, keyId, key, timestampMs: nowMs });
const verify = (change: Partial<RequestToVerify> = {}) =>
  verifyRequest(masterKey, { ...request, headers, nowMs, ...change });

describe('deriveApiKey', () => {
  // Made by openssl kdf -keylen 32 -kdfopt digest:SHA256 -kdfopt hexkey:… -kdfopt salt:… -kdfopt info:… HKDF
  it('is HKDF-SHA256 with salt and info, byte for byte', () => {
    expect(key.toString('hex')).toBe('049ba7fd92a4a87392e39b4920cc5653da24fa2a2b8759d78c1878c530dc9a87');
  });

  it('gives another key for another principal, version or master key', () => {
    const keys = [
      key,
      deriveApiKey(masterKey, 'merchant:812345678900001', 4),
      deriveApiKey(masterKey, 'merchant:812345678900002', 3),
      deriveApiKey(Buffer.alloc(32), 'merchant:812345678900001', 3),
    ];
    expect(new Set(keys.map((one) => one.toString('hex'))).size).toBe(4);
  });

  it('refuses a master key of another length rather than derive weak keys', () => {
    expect(() => deriveApiKey(Buffer.alloc(31), 'wallet:a', 1)).toThrow(RangeError);
    expect(() => new RequestVerifier(Buffer.alloc(0))).toThrow(RangeError);
  });
});

describe('parseKeyId', () => {
  it('reads what formatKeyId writes', () => {
    expect(parseKeyId(keyId)).toEqual({
      ...{ principal: 'merchant:812345678900001', type: 'merchant', id: '812345678900001', version: 3 },
    });
    expect(formatKeyId({ principal: 'wallet:city-pay', version: 1 })).toBe('wallet:city-pay.1');
  });

  it.each([
    '',
    'merchant:1',
    'merchant:1.0',
    'merchant:1.01',
    'stranger:1.1',
    'merchant:.1',
    'wallet:a\n.1',
    'wallet:a.1\n',
  ])('refuses %j', (text) => expect(parseKeyId(text)).toBeNull());
});

describe('verifyRequest', () => {
  it('believes what was signed, and names who signed it', () => {
    expect(headers['fourway-signature']).toBe('b2e0ca47cc3254b673f10ab9011d248e908a783cd3b2e87f44c0e78d6a0e0fb8');
    expect(verify()).toMatchObject({ ok: true, key: { type: 'merchant', version: 3 } });
  });

  it.each<[string, Partial<RequestToVerify>]>([
    ['another method', { method: 'GET' }],
    ['another path', { path: '/v1/orders?a=2' }],
    ['another body', { body: '{"amountMinor":12889}' }],
    ['an empty body', { body: '' }],
    ['the signature of another time', { headers: { ...headers, 'fourway-timestamp': String(nowMs + 1) } }],
    ['another version of the key', { headers: { ...headers, 'fourway-key': 'merchant:812345678900001.4' } }],
    ['a shortened signature', { headers: { ...headers, 'fourway-signature': headers['fourway-signature'].slice(2) } }],
    ['capitals', { headers: { ...headers, 'fourway-signature': headers['fourway-signature'].toUpperCase() } }],
  ])('does not believe %s', (_, change) => expect(verify(change)).toEqual({ ok: false, fault: 'signature_wrong' }));

  it('takes clocks that differ by five minutes and none that differ by more', () => {
    for (const sign of [1, -1]) {
      expect(verify({ nowMs: nowMs + sign * maxClockDifferenceMs }).ok).toBe(true);
      expect(verify({ nowMs: nowMs + sign * (maxClockDifferenceMs + 1) })).toEqual({
        ok: false,
        fault: 'timestamp_out_of_range',
      });
    }
  });

  it.each([
    ['signature_missing', { 'fourway-signature': undefined }],
    ['signature_missing', { 'fourway-key': undefined }],
    ['key_malformed', { 'fourway-key': 'nobody' }],
    ['timestamp_malformed', { 'fourway-timestamp': '1e12' }],
  ])('says %s', (fault, change) =>
    expect(verify({ headers: { ...headers, ...change } })).toEqual({ ok: false, fault }),
  );

  it('never throws and never believes whatever the headers say', () => {
    const verifier = new RequestVerifier(masterKey);
    const header = fc.oneof(fc.string(), fc.constantFrom(keyId, String(nowMs)), fc.stringMatching(/^[0-9a-f]{64}$/));
    fc.assert(
      fc.property(header, header, header, (theKey, timestamp, signature) => {
        const forged = { 'fourway-key': theKey, 'fourway-timestamp': timestamp, 'fourway-signature': signature };
        expect(verifier.verify({ ...request, headers: forged, nowMs }).ok).toBe(false);
      }),
    );
  });

  it('gives the same answers when it has forgotten keys', () => {
    const verifier = new RequestVerifier(masterKey);
    for (let i = 0; i < 10_001; i++)
      verifier.verify({ ...request, nowMs, headers: { ...headers, 'fourway-key': `wallet:w${i}.1` } });
    expect(verifier.verify({ ...request, headers, nowMs }).ok).toBe(true);
  });
});
