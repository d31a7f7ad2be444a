import { describe, expect, it } from '@jest/globals';
import { DenyList } from './deny-list.ts';

const denied = '6200000000000005';

/** A list in memory that counts how often it is read as a whole. */
class ListInMemory {
  tokens = new Set([denied]);
  changes = 1;
  reads = 0;
  isAway = false;

  async version(): Promise<string> {
    if (this.isAway) throw new Error('away');
    return Promise.resolve(String(this.changes));
  }

  cardTokens(): Promise<Set<string>> {
    this.reads += 1;
    return Promise.resolve(new Set(this.tokens));
  }
}

const setUp = () => {
  const clock = { ms: 1_000_000, nowMs: () => clock.ms };
  const stored = new ListInMemory();
  return { clock, stored, list: new DenyList(stored, clock) };
};

describe('DenyList', () => {
  it('knows nothing of any card before it was read', () => {
    const { list } = setUp();
    expect([list.standingOf(denied), list.isStale]).toEqual(['unavailable', false]);
  });

  it('is read as a whole only when it has changed', async () => {
    const { list, stored } = setUp();
    await list.refresh();
    await list.refresh();
    expect([stored.reads, list.standingOf(denied), list.standingOf('6200000000000013')]).toEqual([
      1,
      'listed',
      'clear',
    ]);
    stored.tokens.add('6200000000000013').delete(denied);
    stored.changes += 1;
    await list.refresh();
    expect([stored.reads, list.standingOf(denied), list.standingOf('6200000000000013')]).toEqual([
      2,
      'clear',
      'listed',
    ]);
  });

  it('stays in force while Postgres is away, and says when it has become stale', async () => {
    const { list, stored, clock } = setUp();
    await list.refresh();
    stored.isAway = true;
    clock.ms += 30_001;
    await expect(list.refresh()).rejects.toThrow('away');
    expect([list.standingOf(denied), list.isStale]).toEqual(['listed', true]);
    stored.isAway = false;
    await list.refresh();
    expect(list.isStale).toBe(false);
  });
});
