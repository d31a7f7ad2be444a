import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { decodeOperationScored } from '@fourway/contracts';
import { defined, systemClock } from '@fourway/kernel';
import { HotData } from '@fourway/platform-hot-data';
import { Database, migrate } from '@fourway/platform-postgres';
import { packProfile } from '@fourway/routing';
import { eventually, freshDatabase, freshRedis, type FreshDatabase } from '@fourway/testing';
import { migrations } from '../migrations/index.ts';
import type { Incoming } from '../operation.ts';
import { merchant, sale, scoredRecord } from '../testing/routing-rig.ts';
import { DirectoryRepository, type MerchantRow } from './directory.repository.ts';
import { HotMerchants } from './hot-merchants.ts';
import { MerchantDirectory } from './merchant-directory.ts';
import { RebuildHotCopy, type RebuiltCopy } from './rebuild-hot-copy.ts';

const merchants = 5_000;
const idOf = (number: number): string => String(831_000_000_000_000 + number);
const rowOf = (number: number, version: bigint, mcc: string): MerchantRow => ({
  ...{ merchantId: idOf(number), version },
  profile: packProfile({ ...merchant, merchantId: idOf(number), mcc }),
});
let fresh: FreshDatabase;
let database: Database;
let hotData: HotData;
let repository: DirectoryRepository;

beforeAll(async () => {
  fresh = await freshDatabase('rebuild_hot_copy');
  const url = new URL(fresh.url);
  url.searchParams.set('options', '-c search_path=routing');
  database = new Database({ url: url.href, applicationName: 'spec' });
  await database.query({ name: '', text: 'create schema routing', values: [] });
  await migrate({ url: url.href, schema: 'routing', migrations });
  hotData = new HotData({ url: await freshRedis(), clientName: 'spec', commandTimeoutMs: 5_000 });
  hotData.connect();
  await eventually(() => expect(hotData.isReady).toBe(true));
  repository = new DirectoryRepository(database);
  await repository.saveMerchants(Array.from({ length: merchants }, (_, i) => rowOf(i, 1n, '5812')));
  await repository.saveIssuers([
    {
      issuerId: '01020000',
      version: 1n,
      ranges: [{ first: '6299000100000000', last: '6299000199999999', cardType: 'debit' }],
    },
  ]);
});

afterAll(async () => {
  await hotData.close();
  await database.close();
  await fresh.drop();
});

const flush = () => hotData.runOnKeys({ name: 'specFlush', lua: `return redis.call('FLUSHDB')` }, [['any']]);
const closing = new AbortController().signal;
const silent = { info: () => undefined };

function copyOf(put: (rows: readonly MerchantRow[]) => Promise<void> = (rows) => new HotMerchants(hotData).put(rows)) {
  const rebuilt: RebuiltCopy[] = [];
  const copy = new RebuildHotCopy<MerchantRow>({
    ...{ copy: 'routing', hotData, put, closing, clock: systemClock, logger: silent },
    pages: () => repository.merchantPages(500),
    onRebuilt: (one) => rebuilt.push(one),
  });
  return { copy, rebuilt };
}

/** What a payment of this merchant would be told. */
async function mccOf(directory: MerchantDirectory, number: number): Promise<string> {
  const record = scoredRecord(sale({ merchantId: idOf(number) }));
  const scored = decodeOperationScored(defined(record.value, 'value'));
  const batch: Incoming['batch'] = {
    ...{ records: [], turn: Promise.resolve() },
    ...{ done: () => undefined, deadLetter: () => undefined },
  };
  const incoming: Incoming = { record, batch, scored, fingerprint: '' };
  const parties = (await directory.partiesOf([incoming]))(incoming);
  return 'merchant' in parties ? parties.merchant.mcc : parties.code;
}

describe('the hot copy', () => {
  it('is copied once, by whichever replica sees first that it is gone', async () => {
    await flush();
    const [first, second] = [copyOf(), copyOf()];
    await Promise.all([first.copy.check(), second.copy.check()]);
    await second.copy.check();
    expect([...first.rebuilt, ...second.rebuilt]).toEqual([{ entries: merchants, seconds: expect.any(Number) }]);
    expect([first.copy.isTrusted, second.copy.isTrusted]).toEqual([true, true]);
    expect(
      (await new HotMerchants(hotData).profilesOf([idOf(0), idOf(merchants - 1)])).every((profile) =>
        profile.startsWith('5812'),
      ),
    ).toBe(true);
  });

  it('gives right answers throughout, though it is lost and copied again while merchants change', async () => {
    const { copy, rebuilt } = copyOf();
    await copy.check();
    const directory = new MerchantDirectory(hotData, repository, copy);
    await directory.refreshTokenRanges();
    let version = 1n;
    let isOver = false;
    const mccs = new Map<number, string>();
    const change = async (): Promise<void> => {
      while (!isOver) {
        version += 1n;
        const number = Number(version) % 50;
        const mcc = String(5_000 + (Number(version) % 900));
        await repository.saveMerchants([rowOf(number, version, mcc)]);
        await directory.putHot(await repository.merchantsOf([idOf(number)]));
        mccs.set(number, mcc);
      }
    };
    let reads = 0;
    const read = async (): Promise<void> => {
      while (!isOver) {
        const number = 100 + ((reads += 1) % (merchants - 100));
        expect(await mccOf(directory, number)).toBe('5812');
      }
    };
    const busy = Promise.all([change(), read(), read()]);
    for (let times = 1; times <= 3; times++) {
      await flush();
      await eventually(
        async () => {
          await copy.check();
          expect(rebuilt).toHaveLength(times);
        },
        { withinMs: 60_000 },
      );
    }
    isOver = true;
    await busy;
    expect(reads).toBeGreaterThan(10);
    for (const [number, mcc] of mccs) expect(await mccOf(directory, number)).toBe(mcc);
  });

  it('is copied from its beginning when Redis forgets everything while it is copied', async () => {
    await flush();
    let pages = 0;
    const { copy, rebuilt } = copyOf(async (rows) => {
      pages += 1;
      if (pages === 5) await flush();
      await new HotMerchants(hotData).put(rows);
    });
    await copy.check();
    expect([rebuilt.length, copy.isTrusted]).toEqual([0, false]);
    await copy.check();
    expect([rebuilt.length, copy.isTrusted]).toEqual([1, true]);
    expect(await new HotMerchants(hotData).profilesOf([idOf(0)])).not.toEqual(['']);
  });

  it('is not believed after it has not taken a change, until it is copied anew', async () => {
    const { copy } = copyOf();
    await copy.check();
    const directory = new MerchantDirectory(hotData, repository, copy);
    await directory.refreshTokenRanges();
    expect(await mccOf(directory, 200)).toBe('5812');
    await repository.saveMerchants([rowOf(200, 1_000_000n, '4900')]);
    expect(await mccOf(directory, 200)).toBe('5812');
    copy.distrust();
    expect(await mccOf(directory, 200)).toBe('4900');
    await copy.check();
    expect([await mccOf(directory, 200), copy.isTrusted]).toEqual(['4900', true]);
  });

  it('never goes back to an older version, however late a reader puts it', async () => {
    const hot = new HotMerchants(hotData);
    await hot.put([rowOf(300, 100n, '4900')]);
    await hot.put([rowOf(300, 99n, '5812')]);
    expect((await hot.profilesOf([idOf(300)]))[0]).toMatch(/^4900/);
  });
});
