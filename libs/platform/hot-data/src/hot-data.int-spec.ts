import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import { eventually, freshRedis } from '@fourway/testing';
import { FaultyLink } from './faulty-link.ts';
import { HotData, type KeyScript } from './hot-data.ts';

const increment: KeyScript = { name: 'specIncrement', lua: `return redis.call('INCRBY', KEYS[1], ARGV[1])` };
const unavailable = { code: 'engine_unavailable', retryable: true };

let url: string;
let link: FaultyLink;
let hot: HotData;
let direct: Redis;
let errors: Error[];

beforeEach(async () => {
  url = await freshRedis();
  link = await FaultyLink.to(url);
  errors = [];
  direct = new Redis(url);
  hot = new HotData({ url: link.url, clientName: 'hot-data-spec', onError: (error) => errors.push(error) });
  hot.connect();
  await ready();
});

afterEach(async () => {
  await hot.close();
  await link.close();
  direct.disconnect();
});

const ready = (): Promise<void> => eventually(() => expect(hot.isReady).toBe(true));
/** How many calls it took until one was refused without waiting for Redis. */
const callsUntilRefusedAtOnce = async (): Promise<number> => {
  for (let calls = 0; calls < 50; calls++) {
    if (!hot.isReady) return calls;
    await expect(hot.get('a')).rejects.toMatchObject(unavailable);
  }
  return 50;
};

describe('HotData', () => {
  it('reads and writes many keys, and runs a script over many keys, in one round trip each', async () => {
    await hot.setMany([
      ['a', '1'],
      ['b', '2'],
    ]);
    expect(await hot.getMany(['a', 'none', 'b'])).toEqual(['1', null, '2']);
    expect(
      await hot.runOnKeys(increment, [
        ['a', '10'],
        ['c', '5'],
        ['a', '1'],
      ]),
    ).toEqual([11, 5, 12]);
  });

  it('script cache lost: nothing is to be seen of it', async () => {
    await hot.runOnKeys(increment, [['a', '1']]);
    await direct.script('FLUSH');
    expect(
      await hot.runOnKeys(increment, [
        ['a', '1'],
        ['b', '1'],
        ['a', '1'],
      ]),
    ).toEqual([2, 1, 3]);
  });

  it('hanging Redis: costs one command timeout, then calls are refused at once, and it is used again when it answers', async () => {
    link.hang();
    expect(await callsUntilRefusedAtOnce()).toBe(1);
    await expect(hot.runOnKeys(increment, [['a', '1']])).rejects.toMatchObject(unavailable);
    link.heal();
    await ready();
    expect(await hot.runOnKeys(increment, [['b', '1']])).toEqual([1]);
  });

  it('a connection that hangs for good: a new one is made', async () => {
    link.forgetConnections();
    await callsUntilRefusedAtOnce();
    await ready();
    expect(await hot.get('a')).toBeNull();
  });

  it('connection refused: calls fail at once, the process lives, and it is used again when it is back', async () => {
    link.cut();
    await eventually(() => expect(hot.isReady).toBe(false));
    await expect(hot.getMany(['a'])).rejects.toMatchObject(unavailable);
    await eventually(() => expect(errors.length).toBeGreaterThan(0));
    link.heal();
    await ready();
    expect(await hot.get('a')).toBeNull();
  });

  it('connection lost with calls in flight: they fail and are not sent again to the next server', async () => {
    link.hang();
    const inFlight = hot.runOnKeys(increment, [
      ['a', '1'],
      ['b', '1'],
    ]);
    const failed = expect(inFlight).rejects.toMatchObject(unavailable);
    link.cut();
    await failed;
    link.heal();
    await ready();
    expect(await hot.getMany(['a', 'b'])).toEqual([null, null]);
  });

  it('never connected: calls fail, closing ends nevertheless', async () => {
    const lost = new HotData({
      url: 'redis://127.0.0.1:1',
      clientName: 'lost',
      onError: (error) => errors.push(error),
    });
    lost.connect();
    await expect(lost.get('a')).rejects.toMatchObject(unavailable);
    await lost.close();
  });

  it("an error that Redis itself answers is the caller's and makes nothing unavailable", async () => {
    await direct.set('text', 'x');
    await expect(hot.runOnKeys(increment, [['text', '1']])).rejects.toMatchObject({ name: 'ReplyError' });
    expect(hot.isReady).toBe(true);
  });

  it('tells which run of the server it reaches', async () => {
    expect(hot.serverId).toBe(/run_id:(\w+)/.exec(await direct.info('server'))?.[1]);
  });

  it('a lease has one holder until it is released or has run out', async () => {
    expect(await hot.lease('l', { holder: 'one', ttlMs: 60_000 })).toBe(true);
    expect(await hot.lease('l', { holder: 'one', ttlMs: 60_000 })).toBe(true);
    expect(await hot.lease('l', { holder: 'two', ttlMs: 60_000 })).toBe(false);
    await hot.release('l', 'two');
    expect(await hot.lease('l', { holder: 'two', ttlMs: 60_000 })).toBe(false);
    await hot.release('l', 'one');
    expect(await hot.lease('l', { holder: 'two', ttlMs: 1 })).toBe(true);
    await eventually(async () => expect(await hot.lease('l', { holder: 'three', ttlMs: 60_000 })).toBe(true));
  });
});
