import { expect, it } from '@jest/globals';
import { RecentKeys } from './recent-keys.ts';

it('knows a key it was just given and no other, and stays small', () => {
  const keys = new RecentKeys(64);
  for (let index = 0; index < 10_000; index += 1) {
    expect(keys.has(`rrn-${index}`)).toBe(false);
    keys.add(`rrn-${index}`);
    expect(keys.has(`rrn-${index}`)).toBe(true);
  }
  const remembered = Array.from({ length: 10_000 }, (_, index) => keys.has(`rrn-${index}`)).filter(Boolean);
  expect(remembered.length).toBeLessThanOrEqual(64);
});
