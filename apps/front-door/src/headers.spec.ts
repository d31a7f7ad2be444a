import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { answerHeaders, requestHeaders } from './headers.ts';

const sender = { address: '192.0.2.7', host: 'pay.example', requestId: 'r-12345678' };

describe('header fields', () => {
  it('passes what is meant for the service and nothing of the connection', () => {
    const given = {
      host: 'pay.example',
      connection: 'keep-alive, X-Hop',
      'x-hop': '1',
      'keep-alive': 'timeout=5',
      'transfer-encoding': 'chunked',
      'content-length': '7',
      te: 'trailers',
      upgrade: 'h2c',
      expect: '100-continue',
      'idempotency-key': 'k',
      'fourway-signature': 'ab',
      'content-type': 'application/json',
    };
    expect(requestHeaders(given, sender)).toEqual({
      'idempotency-key': 'k',
      'fourway-signature': 'ab',
      'content-type': 'application/json',
      'x-forwarded-for': '192.0.2.7',
      'x-forwarded-host': 'pay.example',
      'x-forwarded-proto': 'http',
      'request-id': 'r-12345678',
    });
  });

  it('says itself who the client is, whatever the client says', () => {
    const claims = {
      'x-forwarded-for': '10.0.0.1',
      forwarded: 'for=10.0.0.1',
      'x-real-ip': '10.0.0.1',
      'request-id': 'other',
    };
    expect(JSON.stringify(requestHeaders(claims, sender))).not.toMatch(/10\.0\.0\.1|other/);
  });

  it('drops every field that a Connection field names', () => {
    const name = fc.stringMatching(/^x-[a-z]{1,8}$/);
    fc.assert(
      fc.property(fc.array(name), fc.array(name), (fields, named) => {
        const given = Object.fromEntries([...fields, ...named].map((field) => [field, 'v']));
        const kept = Object.keys(answerHeaders({ ...given, connection: named.join(' , ').toUpperCase() }));
        expect(kept.sort()).toEqual([...new Set(fields)].filter((field) => !named.includes(field)).sort());
      }),
    );
  });
});
