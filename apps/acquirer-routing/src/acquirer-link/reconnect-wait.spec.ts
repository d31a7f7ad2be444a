import { describe, expect, it } from '@jest/globals';
import { reconnectWaitMs } from './reconnect-wait.ts';

const bounds = { firstMs: 100, longestMs: 5_000 };

describe('reconnectWaitMs', () => {
  it.each([
    [0, 100],
    [1, 200],
    [5, 3_200],
    [6, 5_000],
    [1_000_000, 5_000],
  ])('after %i failures waits half to all of %i ms', (failures, fullMs) => {
    expect(reconnectWaitMs(failures, bounds, () => 0)).toBe(fullMs / 2);
    expect(reconnectWaitMs(failures, bounds, () => 1)).toBe(fullMs);
  });
});
