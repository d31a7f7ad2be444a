import { describe, expect, it } from '@jest/globals';
import { readConfig } from './config.ts';

const given = { FOURWAY_SERVICE: 'front-door', FOURWAY_HTTP_PORT: '8080' };

describe('front door configuration', () => {
  it('takes the replicas of the services that run, and needs no others', () => {
    const FOURWAY_UPSTREAMS = '{"qr-payment":["http://127.0.0.1:20001/","http://127.0.0.1:20002"]}';
    expect(readConfig({ ...given, FOURWAY_UPSTREAMS }).upstreams).toEqual({
      'qr-payment': ['http://127.0.0.1:20001', 'http://127.0.0.1:20002'],
    });
  });

  it.each(['', 'qr-payment=http://x', '{"qr-paymnt":[]}', '{"qr-payment":"http://x"}', '{"qr-payment":["ftp://x"]}'])(
    'refuses replicas it would not find: %s',
    (FOURWAY_UPSTREAMS) => {
      expect(() => readConfig({ ...given, FOURWAY_UPSTREAMS })).toThrow(/FOURWAY_UPSTREAMS/);
    },
  );
});
