import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { topics } from '@fourway/contracts';
import { FeeContractRepository } from '../project-directory/fee-contract.repository.ts';
import { approvedSale, feeContract, nowMs, operationId, recordOf } from './outcomes.fixture.ts';
import { postingReplica, type PostingReplica } from './posting-replica.fixture.ts';
import { StaleCursorError } from './posting.repository.ts';
import { pairsOf, settlementDatabase, type SettlementDatabase } from './settlement-database.fixture.ts';

let db: SettlementDatabase;

beforeAll(async () => {
  db = await settlementDatabase('handler');
  await new FeeContractRepository(db.database).store([{ version: 1n, contract: feeContract }]);
});

afterAll(() => db.close());

afterEach(async () => {
  expect(await db.sql('select * from imbalance')).toEqual([]);
  await db.sql(
    `do $$ begin set local session_replication_role = replica; delete from fact; delete from balance; delete from cursor; end $$`,
  );
});

describe('PostOutcomes', () => {
  it('posts approved sales and passes over everything else', async () => {
    const { handle } = await replica();
    const batch = await handle([
      recordOf(0, approvedSale(1)),
      recordOf(1, approvedSale(2, { status: 'declined' })),
      recordOf(2, approvedSale(3, { status: 'reversed' })),
      recordOf(3, approvedSale(4, { kind: 'authorize' })),
      recordOf(0, approvedSale(5), 8),
    ]);
    expect(batch.finished).toEqual(['3/0', '3/1', '3/2', '3/3', '8/0']);
    expect(await posted()).toEqual([operationId(1), operationId(5)]);
    expect(await cursors()).toEqual({ 3: '4', 8: '1' });
  });

  it('changes nothing when all is replayed from offset 0 by a fresh process', async () => {
    const records = [0, 1, 2, 3].map((offset) => recordOf(offset, approvedSale(offset)));
    await (await replica()).handle(records);
    const before = await everything();
    const again = await (await replica()).handle(records.slice(0, 2));
    expect(again.finished).toEqual(['3/0', '3/1']);
    expect(await everything()).toEqual(before);
  });

  it('goes on where an operator moved a cursor to, without a restart: what the log lost is no gap any more', async () => {
    const { handle, rewinds } = await replica();
    await handle([recordOf(0, approvedSale(0))]);
    const beyond = [recordOf(7, approvedSale(7))];
    expect((await handle(beyond)).finished).toEqual(['3/7']);
    expect(rewinds).toHaveLength(1);
    expect(await posted()).toHaveLength(1);
    await db.sql('update cursor set next_offset = 7 where partition = 3 and next_offset = 1');
    await handle(beyond);
    expect(rewinds).toHaveLength(1);
    expect(await posted()).toEqual([operationId(0), operationId(7)]);
    expect(await cursors()).toEqual({ 3: '8' });
  });

  it('lets a stale writer roll back, and post what is left on its second try', async () => {
    const [zombie, owner] = [await replica(), await replica()];
    await zombie.handle([recordOf(0, approvedSale(0))]);
    await owner.handle([recordOf(0, approvedSale(0)), recordOf(1, approvedSale(1))]);
    const late = [recordOf(1, approvedSale(1)), recordOf(2, approvedSale(2))];
    await expect(zombie.handle(late)).rejects.toBeInstanceOf(StaleCursorError);
    expect(await posted()).toHaveLength(2);
    await zombie.handle(late);
    expect(await posted()).toHaveLength(3);
    expect(await cursors()).toEqual({ 3: '3' });
  });

  it('posts each payment once when two replicas race on the same range', async () => {
    const records = Array.from({ length: 200 }, (_, offset) => recordOf(offset, approvedSale(offset), offset % 2));
    const [one, other] = [await replica(), await replica()];
    await Promise.all([retrying(() => one.handle(records)), retrying(() => other.handle(records))]);
    expect(await posted()).toHaveLength(200);
    expect(await db.sql(`select amount from account_balance where account like 'merchant:%'`)).toEqual([
      [String(200 * 12_811)],
    ]);
  });

  it('reads again from the cursor when records are missing before the batch', async () => {
    const { handle, rewinds } = await replica();
    await handle([recordOf(0, approvedSale(0))]);
    const batch = await handle([recordOf(5, approvedSale(5)), recordOf(0, approvedSale(6), 8)]);
    expect(rewinds).toEqual([{ topic: topics.outcomes.name, partition: 3, offset: 1n }]);
    expect(batch.finished).toEqual(['3/5', '8/0']);
    expect(await posted()).toEqual([operationId(0), operationId(6)]);
  });

  it('sets aside what cannot be posted, each with its reason, and posts the rest', async () => {
    const { handle } = await replica();
    const batch = await handle([
      recordOf(0, Buffer.from('not an outcome')),
      recordOf(1, approvedSale(1)),
      recordOf(2, approvedSale(2, { feeContractId: 99 })),
      recordOf(3, approvedSale(3, { acquirerId: '48029999' })),
      recordOf(4, approvedSale(4, { amountMinor: 0n })),
      recordOf(5, approvedSale(5, { operationId: operationId(5, nowMs - 500 * 86_400_000) })),
      recordOf(6, approvedSale(6)),
    ]);
    expect(batch.deadLetters).toEqual([
      ['3/0', 'undecodable'],
      ['3/2', 'fee_contract_unknown'],
      ['3/3', 'fee_contract_mismatch'],
      ['3/4', 'outcome_invalid'],
      ['3/5', 'outcome_invalid'],
    ]);
    expect(await posted()).toEqual([operationId(1), operationId(6)]);
    expect(await cursors()).toEqual({ 3: '7' });
  });

  it('waits for a fee contract that the directory is about to bring', async () => {
    const { handle, contracts } = await replica({ directoryDeadlineMs: 30_000 });
    const handling = handle([recordOf(0, approvedSale(0, { feeContractId: 8 }))]);
    const published = await new FeeContractRepository(db.database).store([
      { version: 1n, contract: { ...feeContract, feeContractId: 8 } },
    ]);
    contracts.publish(published);
    expect((await handling).deadLetters).toEqual([]);
    expect(await posted()).toEqual([operationId(0)]);
  });

  it('narrows what only the database refuses down to its record', async () => {
    await db.sql('alter table fact add constraint refuses_4242 check (gross <> 4242)');
    const { handle } = await replica();
    const batch = await handle(
      [0, 1, 2, 3, 4].map((offset) =>
        recordOf(offset, approvedSale(offset, { amountMinor: offset === 3 ? 4_242n : 100n })),
      ),
    );
    await db.sql('alter table fact drop constraint refuses_4242');
    expect(batch.deadLetters).toEqual([['3/3', 'posting_refused']]);
    expect(await posted()).toHaveLength(4);
    expect(await cursors()).toEqual({ 3: '5' });
  });
});

const replica = (options: { directoryDeadlineMs?: number } = {}): Promise<PostingReplica> =>
  postingReplica(db.database, options);

/** What the stream runner does with a transient fault. */
async function retrying(work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof StaleCursorError)) throw error;
    await retrying(work);
  }
}

const posted = async () => (await db.sql('select operation_id from fact order by 1')).map(([id]) => id);
const cursors = async () => pairsOf(await db.sql('select partition, next_offset from cursor'));
const everything = async () => [
  await db.sql('select * from fact order by 1'),
  await db.sql('select * from balance order by 1, 3'),
  await cursors(),
];
