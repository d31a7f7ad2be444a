import { expect, it } from '@jest/globals';
import { waitsOf } from './stage-waits.ts';

it('splits the time of a payment where it passed from one place to the next', () => {
  const passages = [0, 1, 2].map((more) => ({
    requestedMs: 1_000,
    scoredMs: 1_010 + more,
    claimedMs: 1_030 + more,
    decidedMs: 1_070 + more,
    publishedMs: 1_150 + more,
  }));
  const medians = Object.fromEntries(Object.entries(waitsOf(passages)).map(([stage, { p50 }]) => [stage, p50]));
  expect(medians).toEqual({
    'request to scored': 11,
    'scored to claim': 20,
    'claim to outcome, the acquirer between': 40,
    'outcome to published': 80,
  });
});
