import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import { eventually, freshRedis } from '@fourway/testing';
import { HotData } from './hot-data.ts';
import { VersionedCopy } from './versioned-copy.ts';

let hotData: HotData;
let direct: Redis;
let copy: VersionedCopy;
beforeEach(async () => {
  const url = await freshRedis();
  direct = new Redis(url);
  hotData = new HotData({ url, clientName: 'versioned-copy-spec' });
  hotData.connect();
  await eventually(() => expect(hotData.isReady).toBe(true));
  copy = new VersionedCopy(hotData, 'spec');
});
afterEach(async () => {
  await hotData.close();
  direct.disconnect();
});

const idOf = (number: number): string => String(831_000_000_000_000 + number);

it('gives back what was put, in the order of the ids, and null for what was not', async () => {
  await copy.put([
    ['a', '1|one'],
    ['b', '2|two'],
  ]);
  expect(await copy.get(['b', 'none', 'a', 'b'])).toEqual(['2|two', null, '1|one', '2|two']);
  expect(await copy.get([])).toEqual([]);
});

it('never goes back to an older version, however many digits it has, and takes the same one again', async () => {
  await copy.put([['a', '9007199254740993|new']]);
  await copy.put([['a', '9007199254740992|old']]);
  await copy.put([['a', '999|old']]);
  expect(await copy.get(['a'])).toEqual(['9007199254740993|new']);
  await copy.put([['a', '9007199254740993|same']]);
  expect(await copy.get(['a'])).toEqual(['9007199254740993|same']);
});

it('replaces an entry that somebody has damaged', async () => {
  await copy.put([['a', '7|right']]);
  const [key = ''] = await direct.keys('spec*');
  await direct.hset(key, 'a', '?');
  await copy.put([['a', '7|right']]);
  expect(await copy.get(['a'])).toEqual(['7|right']);
});

it('spreads ids that differ in few digits, and keeps each hash in one block', async () => {
  const entries = Array.from({ length: 20_000 }, (_, no) => [idOf(no), `1|${'名'.repeat(no % 70)}`] as const);
  for (let from = 0; from < entries.length; from += 2_000) await copy.put(entries.slice(from, from + 2_000));
  expect(await copy.get(entries.map(([id]) => id))).toEqual(entries.map(([, value]) => value));
  // As many of the 131,072 as 20,000 balls thrown blindly would hit: 18,560, give or take a hundred.
  const keys = await direct.keys('spec*');
  expect(Math.abs(keys.length - 18_560)).toBeLessThan(400);
  const encodings = new Set<unknown>();
  for (const key of keys.slice(0, 500)) encodings.add(await direct.object('ENCODING', key));
  expect([...encodings].every((encoding) => encoding === 'ziplist' || encoding === 'listpack')).toBe(true);
});
