import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseQuotas } from './quotas.ts';
import { takeToken, type TokenBucket } from './token-bucket.ts';

const upstream = { rule: 'an upstream', pattern: /^[0-9a-z-]{1,32}$/ };

describe('quotas in a setting', () => {
  it('are read by name', () =>
    expect(parseQuotas('{"city-pay":500,"metro":1}', upstream)).toEqual(
      new Map([
        ['city-pay', 500],
        ['metro', 1],
      ]),
    ));

  it.each([
    ['no JSON', 'city-pay=5', 'not JSON'],
    ['a list', '[5]', 'expected a JSON object'],
    ['a name that none can have', '{"City Pay":5}', 'an upstream'],
    ['a quota of nothing', '{"metro":0}', 'metro: must be a whole number from 1'],
    ['a part of a request', '{"metro":0.5}', 'metro: must be a whole number from 1'],
    ['a quota beyond all bounds', '{"metro":1000001}', 'metro: must be a whole number from 1'],
    ['text', '{"metro":"5"}', 'metro: must be a whole number from 1'],
    [
      'more names than a metric may have labels',
      JSON.stringify(Object.fromEntries(Array.from({ length: 201 }, (_, i) => [`u${i}`, 1]))),
      'at most 200',
    ],
  ])('are refused for %s', (_, text, message) => expect(() => parseQuotas(text, upstream)).toThrow(message));
});

describe('a bucket of tokens', () => {
  const taken = (perSecond: number, timesMs: readonly number[]): number[] => {
    let bucket: TokenBucket | null = null;
    return timesMs.filter((nowMs) => {
      const result = takeToken(bucket, perSecond, nowMs);
      bucket = result.bucket;
      return result.isTaken;
    });
  };

  it('gives no more in any stretch of time than the quota of it and one second more', () => {
    const times = fc
      .array(fc.integer({ min: 0, max: 20_000 }), { maxLength: 200 })
      .map((all) => all.toSorted((a, b) => a - b));
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 30 }), times, (perSecond, timesMs) => {
        const given = taken(perSecond, timesMs);
        given.forEach((fromMs, first) =>
          given.slice(first).forEach((toMs, more) => {
            expect(more + 1).toBeLessThanOrEqual(perSecond + ((toMs - fromMs) * perSecond) / 1_000 + 1e-6);
          }),
        );
      }),
    );
  });

  it('gives again when it said it would', () => {
    const empty = takeToken({ tokens: 0.25, atMs: 1_000 }, 3, 1_000);
    if (empty.isTaken) throw new Error('there was no token');
    expect(empty.retryAfterMs).toBe(250);
    expect(takeToken(empty.bucket, 3, 1_000 + empty.retryAfterMs).isTaken).toBe(true);
    expect(takeToken(empty.bucket, 3, 1_000 + empty.retryAfterMs - 1).isTaken).toBe(false);
  });

  it('gives nothing for a clock that goes back', () => expect(taken(1, [1_000, 500, 999])).toEqual([1_000]));
});
