import { describe, expect, it } from '@jest/globals';
import { eventually } from './eventually.ts';

describe('eventually', () => {
  it('returns the first result that is not an error', async () => {
    let tries = 0;
    const attempt = () => {
      tries++;
      if (tries < 3) throw new Error('not yet');
      return tries;
    };
    expect(await eventually(attempt, { everyMs: 1 })).toBe(3);
  });

  it('gives the last error, not a time-out of its own, when the time is over', async () => {
    const attempt = () => Promise.reject(new Error('balance is 3, not 4'));
    await expect(eventually(attempt, { withinMs: 5, everyMs: 1 })).rejects.toThrow('balance is 3, not 4');
  });
});
