import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { HotData } from '@fourway/platform-hot-data';
import { eventually, freshRedis } from '@fourway/testing';
import { HotProfiles } from './hot-profiles.ts';

const id = '812345678900001';
const active = '1|0|1|CNY|5812|110105|李记';
const suspended = '2|1|1|CNY|5812|110105|李记';

let url: string;
const opened: HotData[] = [];
const hotData = (): HotData => {
  const data = new HotData({ url, clientName: 'spec', onError: () => undefined });
  opened.push(data);
  return data;
};
beforeAll(async () => {
  url = await freshRedis();
});
afterAll(async () => {
  for (const data of opened) await data.close();
});

it('a change that Redis did not take is not hidden by the older copy, and is written when Redis is back', async () => {
  const others = hotData();
  others.connect();
  await eventually(() => expect(others.isReady).toBe(true));
  await new HotProfiles(others).put([[id, active]]);

  const cutOff = hotData();
  const hot = new HotProfiles(cutOff);
  await hot.change(new Map([[id, suspended]]));
  cutOff.connect();
  await eventually(() => expect(cutOff.isReady).toBe(true));
  expect(await hot.get([id])).toEqual([null]);

  await hot.settle((ids) => Promise.resolve(new Map(ids.map((merchantId) => [merchantId, suspended]))));
  expect(await hot.get([id])).toEqual([suspended]);
  expect(await new HotProfiles(others).get([id])).toEqual([suspended]);
});
