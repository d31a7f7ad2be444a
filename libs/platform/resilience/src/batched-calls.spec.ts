import { describe, expect, it } from '@jest/globals';
import { BatchedCalls } from './batched-calls.ts';

describe('BatchedCalls', () => {
  it('answers every caller with its own answer, and asks together what came together', async () => {
    const batches: number[] = [];
    const calls = new BatchedCalls<number, number>({
      work: async (items) => {
        batches.push(items.length);
        return items.map((item) => item * 2);
      },
      maxBatch: 64,
      maxInFlight: 2,
    });
    const asked = Array.from({ length: 200 }, (_, i) => i);
    expect(await Promise.all(asked.map((item) => calls.ask(item)))).toEqual(asked.map((item) => item * 2));
    expect(batches.length).toBeLessThan(10);
    expect(Math.max(...batches)).toBeLessThanOrEqual(64);
    expect(calls.openCount).toBe(0);
  });

  it('fails the callers of a failed batch and goes on with the next', async () => {
    const calls = new BatchedCalls<string, string>({
      work: async (items) => {
        if (items.includes('bad')) throw new Error('no');
        return items;
      },
      maxBatch: 1,
      maxInFlight: 1,
    });
    const results = await Promise.allSettled(['bad', 'bad', 'good'].map((item) => calls.ask(item)));
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'fulfilled']);
  });
});
