import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isUuid, isUuidV7, uuidV7, uuidV7Floor, uuidV7Ms } from './ids.ts';

const times = fc.integer({ min: 0, max: 2 ** 48 - 1 });
const random = fc.uint8Array({ minLength: 10, maxLength: 10 });

describe('uuidV7', () => {
  it('carries its time and is canonical for every time and every random part', () => {
    fc.assert(
      fc.property(times, random, (atMs, bytes) => {
        const id = uuidV7(atMs, bytes);
        expect(isUuidV7(id)).toBe(true);
        expect(uuidV7Ms(id)).toBe(atMs);
      }),
    );
  });

  it('is never below the floor of its own millisecond nor above that of the next', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 48 - 2 }), random, (atMs, bytes) => {
        const id = uuidV7(atMs, bytes);
        expect(uuidV7Floor(atMs) < id && id < uuidV7Floor(atMs + 1)).toBe(true);
      }),
    );
  });

  it.each([
    ['another version', '550e8400-e29b-41d4-a716-446655440000'],
    ['upper case', '018F2B7E-0000-7000-8000-000000000000'],
    ['braces', '{018f2b7e-0000-7000-8000-000000000000}'],
    ['another variant', '018f2b7e-0000-7000-c000-000000000000'],
    ['nothing', ''],
  ])('refuses %s', (_, text) => expect(isUuidV7(text)).toBe(false));

  it('takes any version where only uniqueness is asked', () => {
    expect(isUuid('550e8400-e29b-41d4-a716-446655440000')).toBe(true);
    expect(isUuid('550e8400e29b41d4a716446655440000')).toBe(false);
  });
});
