import { describe, it, expect } from '@jest/globals';
import { chooseStartPosition } from './start-position.ts';

const offsets = { topic: 't', partition: 0, logStart: 100n, logEnd: 200n, committed: 150n };

describe('chooseStartPosition', () => {
  it('goes on where the group committed', () => {
    expect(chooseStartPosition(offsets, 'committed')).toEqual({ kind: 'read', offset: 150n });
  });

  it('starts at the first record there is when the group never committed', () => {
    expect(chooseStartPosition({ ...offsets, committed: -1n }, 'committed')).toEqual({ kind: 'read', offset: 100n });
  });

  it('refuses a committed position that kafkajs has reset', () => {
    expect(chooseStartPosition({ ...offsets, committed: -2n }, 'committed').kind).toBe('refuse');
  });

  it("prefers the caller's own cursor to what the group committed", () => {
    expect(chooseStartPosition(offsets, 170n)).toEqual({ kind: 'read', offset: 170n });
  });

  it('accepts a position at the very end of the log', () => {
    expect(chooseStartPosition(offsets, 200n)).toEqual({ kind: 'read', offset: 200n });
  });

  it.each([[99n], [201n]])('refuses position %s outside the log instead of resetting it', (cursor) => {
    expect(chooseStartPosition(offsets, cursor).kind).toBe('refuse');
  });
});
