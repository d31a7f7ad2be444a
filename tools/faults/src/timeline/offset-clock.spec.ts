import { expect, it } from '@jest/globals';
import { OffsetClock } from './offset-clock.ts';

const at = (partition: number, offset: bigint, timestampMs = 0) => ({ topic: 't', partition, offset, timestampMs });

it('tells the age of the oldest record that is not committed, over all partitions', () => {
  const clock = new OffsetClock();
  for (const [partition, offset, ms] of [
    [0, 7n, 100],
    [0, 8n, 200],
    [1, 3n, 150],
  ] as const)
    clock.take(at(partition, offset, ms));
  expect(clock.lagMs([at(0, 8n), at(1, 4n)], 1_000)).toBe(800);
  expect(clock.lagMs([at(0, 7n), at(1, 3n)], 1_000)).toBe(900);
  expect(clock.lagMs([at(0, 9n), at(1, 4n)], 1_000)).toBe(0);
});
