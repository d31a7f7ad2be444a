import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { FaultyLink } from '@fourway/platform-hot-data/testing';
import { HotData, type KeyScript } from '@fourway/platform-hot-data';
import { bucketMs } from '@fourway/risk';
import { eventually, freshRedis } from '@fourway/testing';
import { cardPayment, newCard, nowMs } from '../score-operation/requests.fixture.ts';
import type { CardPayment } from './card-payment.ts';
import { CardVelocity } from './card-velocity.ts';
import { VelocityEpochs } from './velocity-epochs.ts';
import { allTags, cardKey, markerKey, progressKey, tagOf } from './velocity-keys.ts';

const flush: KeyScript = { name: 'specFlush', lua: `redis.call('FLUSHDB') return 1` };
const readAll: KeyScript = { name: 'specReadAll', lua: `return redis.call('HGETALL', KEYS[1])` };
const memoryUsage: KeyScript = { name: 'specMemoryUsage', lua: `return redis.call('MEMORY', 'USAGE', KEYS[1])` };

let link: FaultyLink;
let hotData: HotData;
let epochs: VelocityEpochs;
let velocity: CardVelocity;
let losses: number;
let failures: number;

beforeEach(async () => {
  link = await FaultyLink.to(await freshRedis());
  hotData = new HotData({ url: link.url, clientName: 'velocity-spec' });
  hotData.connect();
  await eventually(() => expect(hotData.isReady).toBe(true));
  epochs = new VelocityEpochs(hotData);
  losses = 0;
  failures = 0;
  velocity = new CardVelocity({ hotData, epochs, onLost: () => (losses += 1), onFailure: () => (failures += 1) });
  await newEpoch('a');
});

afterEach(async () => {
  await hotData.close();
  await link.close();
});

const markers = (epoch: string): Map<number, string> =>
  new Map(allTags.map((tag) => [tag, VelocityEpochs.markerFor(hotData.serverId ?? '', epoch)]));

async function newEpoch(random: string): Promise<void> {
  await epochs.refresh();
  await epochs.switchTo(markers(random));
}

const countsOf = async (...payments: CardPayment[]): Promise<(number | null)[]> =>
  (await velocity.count(payments)).map((use) => use?.count ?? null);
const pause = (minutes: number): Partial<CardPayment> => ({ recordedAtMs: nowMs + minutes * 60_000 });

describe('CardVelocity', () => {
  it('tells count and sum with the payment itself, card by card', async () => {
    const other = newCard();
    const uses = await velocity.count([
      cardPayment(1),
      cardPayment(2, { amountMinor: 50n }),
      cardPayment(3, { cardToken: other, amountMinor: 7n }),
    ]);
    expect(uses).toEqual([
      { count: 1, sumMinor: 100n },
      { count: 2, sumMinor: 150n },
      { count: 1, sumMinor: 7n },
    ]);
  });

  it('duplicates of one operation in a batch count once', async () => {
    const sale = cardPayment(1);
    expect(await countsOf(sale, { ...sale, offset: 2n }, { ...sale, offset: 3n }, cardPayment(4))).toEqual([
      1, 1, 1, 2,
    ]);
  });

  it('a duplicate sent later counts once, and so does its redelivery when its id is long forgotten', async () => {
    const sale = cardPayment(1);
    await countsOf(sale, cardPayment(2));
    const duplicate = { ...sale, offset: 3n };
    expect(await countsOf(duplicate)).toEqual([2]);
    await countsOf(...Array.from({ length: 8 }, (_, at) => cardPayment(4 + at)));
    expect(await countsOf(duplicate)).toEqual([null]);
    expect(await countsOf(cardPayment(12))).toEqual([11]);
  });

  it('a batch delivered again adds nothing and is answered from what was counted', async () => {
    const batch = [1, 2, 3, 4].map((offset) => cardPayment(offset));
    expect(await countsOf(...batch)).toEqual([1, 2, 3, 4]);
    expect(await countsOf(...batch)).toEqual([4, 4, 4, 4]);
  });

  it('redelivery from far back adds nothing, and is not accepted where nobody knows whether it was counted', async () => {
    const all = Array.from({ length: 30 }, (_, at) => cardPayment(at));
    await countsOf(...all);
    expect(await countsOf(...all.slice(0, 22))).toEqual(all.slice(0, 22).map(() => null));
    expect(await countsOf(cardPayment(30))).toEqual([31]);
  });

  it('a record that was skipped while Redis was away is not taken for a counted one when it comes again', async () => {
    const skipped = cardPayment(1);
    await countsOf(cardPayment(2));
    expect(await countsOf(skipped)).toEqual([null]);
  });

  it('offsets of different partitions do not hide one another', async () => {
    expect(
      await countsOf(
        cardPayment(100, { partition: 1 }),
        cardPayment(5, { partition: 2 }),
        cardPayment(6, { partition: 1, offset: 101n }),
      ),
    ).toEqual([1, 2, 3]);
  });

  it('the window slides: an hour ago counts, 65 minutes ago does not', async () => {
    const start = nowMs - (nowMs % bucketMs);
    await countsOf(cardPayment(1, { recordedAtMs: start }));
    expect(await countsOf(cardPayment(2, { recordedAtMs: start + 3_600_000 }))).toEqual([2]);
    expect(await countsOf(cardPayment(3, { recordedAtMs: start + 3_900_000 }))).toEqual([2]);
  });

  it('a payment of a partition that lags by hours counts all the same', async () => {
    await countsOf(cardPayment(1, pause(0)));
    expect(
      await countsOf(
        cardPayment(1, { partition: 1, ...pause(-300) }),
        cardPayment(2, { partition: 1, ...pause(-299) }),
      ),
    ).toEqual([2, 3]);
  });

  it('counts the same whatever the order of partitions, batches and redeliveries', async () => {
    const partitions = [0, 1, 2].map((partition) =>
      [1, 2, 3, 4].map((offset) => cardPayment(offset, { partition, ...pause(offset * 3) })),
    );
    const schedule = fc.array(fc.tuple(fc.nat(2), fc.nat(3), fc.integer({ min: 1, max: 4 })), { maxLength: 12 });
    let run = 0;
    await fc.assert(
      fc.asyncProperty(schedule, async (deliveries) => {
        const cardToken = String(6_200_000_000_000_000 + ++run);
        const reached = [0, 0, 0];
        for (const [partition, from, length] of deliveries) {
          // A group reads on from its committed offset or from before it, never past it.
          const start = Math.min(from, reached[partition] ?? 0);
          const part = (partitions[partition] ?? []).slice(start, start + length);
          await countsOf(...part.map((payment) => ({ ...payment, cardToken })));
          reached[partition] = Math.max(reached[partition] ?? 0, start + part.length);
        }
        const counted = reached.reduce((sum, count) => sum + count, 0);
        expect(await countsOf(cardPayment(1, { cardToken, partition: 9, ...pause(12) }))).toEqual([counted + 1]);
      }),
      { numRuns: 50 },
    );
  });

  it('an emptied Redis is noticed by the batch that meets it: unknown, not 1', async () => {
    await countsOf(cardPayment(1));
    await hotData.runOnKeys(flush, [['any']]);
    expect(await countsOf(cardPayment(2))).toEqual([null]);
    expect(losses).toBe(1);
    await newEpoch('b');
    expect(await countsOf(cardPayment(3))).toEqual([1]);
  });

  it('an emptied Redis is noticed while no payment comes', async () => {
    await hotData.runOnKeys(flush, [['any']]);
    await velocity.watch();
    expect(losses).toBe(1);
  });

  it('windows of an earlier run of the server are not trusted: its newest writes may be gone', async () => {
    await hotData.setMany(
      allTags.map((tag) => [markerKey(tag), VelocityEpochs.markerFor('another run', 'cafe00')] as const),
    );
    await epochs.refresh();
    expect(epochs.lostTags).toEqual(allTags);
    expect(await countsOf(cardPayment(1))).toEqual([null]);
  });

  it('the second of two replicas that rebuilt does not replace the windows of the first', async () => {
    await hotData.runOnKeys(flush, [['any']]);
    const second = new VelocityEpochs(hotData);
    await Promise.all([epochs.refresh(), second.refresh()]);
    await epochs.switchTo(markers('c'));
    await second.switchTo(markers('d'));
    expect(second.placeOf(0)?.epoch).toBe('c');
  });

  it('says how far it has counted, and takes it back before records that come again may be accepted', async () => {
    const progress = async (): Promise<unknown> => {
      const { epoch = '' } = epochs.placeOf(0) ?? {};
      return (await hotData.runOnKeys(readAll, [[progressKey(0, epoch)]]))[0];
    };
    await countsOf(cardPayment(7, { partition: 3 }), cardPayment(9, { partition: 3 }));
    expect(await progress()).toEqual(['3', '6']);
    await velocity.keepProgress();
    expect(await progress()).toEqual(['3', '9']);
    await countsOf(cardPayment(10, { partition: 3 }));
    await velocity.keepProgress();
    expect(await progress()).toEqual(['3', '10']);
    await countsOf(cardPayment(8, { partition: 3 }), cardPayment(12, { partition: 3 }));
    expect(await progress()).toEqual(['3', '7']);
    await velocity.keepProgress();
    expect(await progress()).toEqual(['3', '12']);
  });

  it('a replica that lost its partition does not say how far it was counted', async () => {
    const other = new CardVelocity({ hotData, epochs, onLost: () => undefined, onFailure: () => undefined });
    await countsOf(cardPayment(20));
    await other.count([cardPayment(11), cardPayment(12)]);
    await velocity.keepProgress();
    const { epoch = '' } = epochs.placeOf(0) ?? {};
    expect((await hotData.runOnKeys(readAll, [[progressKey(0, epoch)]]))[0]).toEqual(['0', '10']);
  });

  it('Redis hangs: unknown after one timeout, at once from then on, and counted again when it answers', async () => {
    link.hang();
    expect(await countsOf(cardPayment(1))).toEqual([null]);
    expect(hotData.isReady).toBe(false);
    expect(await countsOf(cardPayment(2))).toEqual([null]);
    expect(failures).toBe(2);
    link.heal();
    await eventually(async () => expect(await countsOf(cardPayment(3))).not.toEqual([null]));
  });

  it('a card takes at most 300 bytes with three payments an hour', async () => {
    const cardToken = newCard();
    await countsOf(
      ...[1, 2, 3].map((at) =>
        cardPayment(1_000_000 + at, { cardToken, partition: at, amountMinor: 123_456n, ...pause(at * 10) }),
      ),
    );
    const place = epochs.placeOf(tagOf(cardToken));
    const [bytes] = await hotData.runOnKeys(memoryUsage, [
      [cardKey({ tag: tagOf(cardToken), epoch: place?.epoch ?? '', cardToken })],
    ]);
    expect(Number(bytes)).toBeLessThanOrEqual(300);
  });
});
