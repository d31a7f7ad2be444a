import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isUuidV7, uuidV7, uuidV7Ms } from '@fourway/kernel';
import { mayBeOurs, newOperationId, newOrderId } from './operation-id.ts';

describe('newOperationId', () => {
  it('is a UUIDv7 of its time that is known as ours', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 48 - 1 }), (nowMs) => {
        const id = newOperationId(nowMs);
        expect([isUuidV7(id), uuidV7Ms(id), mayBeOurs(id)]).toEqual([true, nowMs, true]);
      }),
    );
  });

  it('never comes twice, not within one millisecond either', () => {
    const ids = Array.from({ length: 20_000 }, () => newOperationId(1_763_800_000_000));
    expect(new Set(ids).size).toBe(ids.length);
    const orders = Array.from({ length: 20_000 }, () => newOrderId(1_763_800_000_000));
    expect(new Set(orders).size).toBe(orders.length);
  });
});

describe('mayBeOurs', () => {
  it('takes hardly any id of others for ours', () => {
    let taken = 0;
    for (let i = 0; i < 100_000; i++) {
      const random = Buffer.alloc(10);
      random.writeUInt32BE(i, 6);
      if (mayBeOurs(uuidV7(1_763_800_000_000, random))) taken++;
    }
    expect(taken).toBeLessThan(20);
  });

  it.each(['', 'x', '0'.repeat(36)])('does not take %j', (id) => expect(mayBeOurs(id)).toBe(false));
});
