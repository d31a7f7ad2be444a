import { describe, expect, it } from '@jest/globals';
import { WaitingCallers } from './waiting-callers.ts';
import { waitUntil } from './wait-until.ts';

const long = 60_000;
const rig = () => {
  const closing = new AbortController();
  const callers = new WaitingCallers(closing.signal);
  let value = 'open';
  const wait = (waitMs = long) =>
    waitUntil({ callers, key: 'k', waitMs, read: async () => value, isDone: (read) => read === 'done' });
  return { closing, callers, wait, set: (next: string) => (value = next) };
};
const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('waitUntil', () => {
  it('answers at once what is done already', async () => {
    const { wait, set, callers } = rig();
    set('done');
    expect(await wait()).toBe('done');
    expect(callers.count).toBe(0);
  });

  it('reads again when woken, and waits on when it is not done yet', async () => {
    const { wait, set, callers } = rig();
    const waiting = wait();
    await turn();
    callers.wake('k');
    await turn();
    expect(callers.has('k')).toBe(true);
    set('done');
    callers.wake('other');
    callers.wake('k');
    expect(await waiting).toBe('done');
    expect([callers.count, callers.has('k')]).toEqual([0, false]);
  });

  it('misses no wake-up that comes while it reads', async () => {
    const { callers } = rig();
    let reads = 0;
    const value = await waitUntil({
      ...{ callers, key: 'k', waitMs: long },
      read: async () => {
        reads++;
        if (reads === 1) callers.wake('k');
        return reads;
      },
      isDone: (read) => read === 2,
    });
    expect(value).toBe(2);
  });

  it('answers what it knows when the time is over', async () => expect(await rig().wait(5)).toBe('open'));

  it('answers everybody when the service closes, and lets nobody wait after it', async () => {
    const { wait, closing, callers } = rig();
    const waiting = [wait(), wait(), wait()];
    await turn();
    expect(callers.count).toBe(3);
    closing.abort();
    expect(await Promise.all([...waiting, wait()])).toEqual(['open', 'open', 'open', 'open']);
  });

  it('leaves nothing behind when reading fails', async () => {
    const { callers } = rig();
    const failing = waitUntil({
      ...{ callers, key: 'k', waitMs: long, isDone: () => true },
      read: () => Promise.reject(new Error('no')),
    });
    await expect(failing).rejects.toThrow('no');
    expect(callers.count).toBe(0);
  });
});
