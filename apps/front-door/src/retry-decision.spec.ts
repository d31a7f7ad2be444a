import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { mayRetry, triesMax } from './retry-decision.ts';

const failed = fc.record({ mayHaveArrived: fc.boolean(), answerBegun: fc.boolean() });
const request = fc.record({
  method: fc.constantFrom('GET', 'HEAD', 'OPTIONS', 'POST', 'PUT', 'PATCH', 'DELETE'),
  hasIdempotencyKey: fc.boolean(),
  canReplayBody: fc.boolean(),
});
const tries = fc.integer({ min: 1, max: 10 });

describe('retry decision', () => {
  it('never repeats what may have been done, unless a repetition changes nothing', () => {
    fc.assert(
      fc.property(failed, request, tries, (failure, traits, count) => {
        if (!mayRetry(failure, traits, count) || !failure.mayHaveArrived) return;
        expect(traits.hasIdempotencyKey || ['GET', 'HEAD', 'OPTIONS'].includes(traits.method)).toBe(true);
      }),
    );
  });

  it('never repeats a body that is gone, an answer that has begun, or for ever', () => {
    fc.assert(
      fc.property(failed, request, tries, (failure, traits, count) => {
        if (mayRetry(failure, traits, count))
          expect([failure.answerBegun, traits.canReplayBody, count < triesMax]).toEqual([false, true, true]);
      }),
    );
  });

  it.each([
    ['a refused connection, whatever it was', 'POST', false, false, true],
    ['a lost GET', 'GET', false, true, true],
    ['a lost POST with an Idempotency-Key', 'POST', true, true, true],
    ['a lost POST without one', 'POST', false, true, false],
    ['a lost DELETE without one', 'DELETE', false, true, false],
  ])('%s', (...[, method, hasIdempotencyKey, mayHaveArrived, expected]) => {
    const traits = { method, hasIdempotencyKey, canReplayBody: true };
    expect(mayRetry({ mayHaveArrived, answerBegun: false }, traits, 1)).toBe(expected);
  });
});
