import { describe, expect, it } from '@jest/globals';
import { floodProblems, type FloodFigures } from './flood-problems.ts';

const latency = (p99: number) => ({ count: 100, p50: 20, p99 });
const asPromised: FloodFigures = {
  ...{ quota: 100, sent: 10_000, seconds: 20, refused: 7_700, shedAfterMs: 3_000, crowdSent: 300_000, shed: 90_000 },
  ...{ calm: latency(90), flooded: latency(110), recoverySeconds: 3, decidedAgain: 100 },
  refunds: { calm: latency(90), flooded: latency(95), crowded: latency(4_000) },
  refusals: { 'flooder quota_exceeded': 7_700, 'crowd overloaded': 90_000, 'steady overloaded': 3 },
};

describe('the verdict on a flood', () => {
  it('has nothing to say where all is as promised', () => expect(floodProblems(asPromised)).toEqual([]));

  it.each<[string, Partial<FloodFigures>]>([
    ['more passed than the quota', { refused: 6_000 }],
    ['less passed than the quota', { refused: 8_500 }],
    ['others waited', { flooded: latency(300) }],
    ['refunds waited for the flood', { refunds: { ...asPromised.refunds, flooded: latency(300) } }],
    ['refunds waited for the crowd', { refunds: { ...asPromised.refunds, crowded: latency(6_001) } }],
    ['no refund was tried', { refunds: { ...asPromised.refunds, crowded: { count: 0, p50: 0, p99: 0 } } }],
    ['nothing was shed', { shed: 0 }],
    ['nothing was sent again', { decidedAgain: 0 }],
    ['another upstream was refused', { refusals: { 'steady quota_exceeded': 1 } }],
  ])('tells that %s', (_, changes) => expect(floodProblems({ ...asPromised, ...changes })).toHaveLength(1));
});
