import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { topics } from '@fourway/contracts';
import { accountName, postingsOf, type FeeSplit } from '@fourway/ledger';
import { FeeContractRepository } from '../project-directory/fee-contract.repository.ts';
import type { FeeContractTerms } from '../project-directory/fee-contracts.ts';
import { dayOfOperation, factOfOutcome, type Fact } from './fact-of-outcome.ts';
import { FactPartitions } from './fact-partitions.ts';
import { approvedSale, feeContract, nowMs, operationId } from './outcomes.fixture.ts';
import type { CursorMove } from './plan-posting.ts';
import { PostingRepository, StaleCursorError, type FactToPost } from './posting.repository.ts';
import { pairsOf, settlementDatabase, type SettlementDatabase } from './settlement-database.fixture.ts';

const today = Math.floor(nowMs / 86_400_000);
let db: SettlementDatabase;
let repository: PostingRepository;
let contract: FeeContractTerms;

beforeAll(async () => {
  db = await settlementDatabase('posting');
  repository = new PostingRepository(db.database, topics.outcomes.name);
  await db.sql(`select ensure_cycle('2026-03-04', array['2026-03-04'::date])`);
  const [stored] = await new FeeContractRepository(db.database).store([{ version: 1n, contract: feeContract }]);
  if (stored === undefined) throw new Error('no fee contract');
  contract = stored;
});

afterAll(() => db.close());

beforeEach(async () => {
  await db.sql(
    `do $$ begin set local session_replication_role = replica; delete from fact; delete from balance; delete from cursor; end $$`,
  );
  await repository.readCursors([{ partition: 3, first: 0n }]);
});

const post = (moves: readonly Omit<CursorMove, 'closes'>[], facts: readonly FactToPost[]): Promise<number> =>
  repository.post({ moves: moves.map((move) => ({ ...move, closes: null })), facts, marks: [] }, 3);

describe('PostingRepository', () => {
  it('posts the same facts once, however often they come', async () => {
    const facts = [1, 2, 3].map((number) => placed(factOf(number)));
    expect(await post([{ partition: 3, from: 0n, to: 3n }], facts)).toBe(3);
    expect(await post([{ partition: 3, from: 3n, to: 4n }], [...facts, ...facts])).toBe(0);
    expect(await balances()).toEqual({
      'acquirer:48021000:clearing:CNY': '38478',
      'acquirer:48021000:funding:CNY': '-38478',
      'acquirer:48021000:margin:CNY': '15',
      'agent:agent-1:payable:CNY': '9',
      'issuer:01020000:clearing:CNY': '-38502',
      'merchant:812345678901234:payable:CNY': '38433',
      'network:switch:fee_acquirer:CNY': '12',
      'network:switch:fee_issuer:CNY': '12',
      'provider:sp-1:payable:CNY': '21',
    });
    expect(await db.sql('select * from imbalance')).toEqual([]);
  });

  it('rolls everything back when one cursor of the batch is not where the writer believes', async () => {
    await repository.readCursors([{ partition: 5, first: 0n }]);
    await post([{ partition: 3, from: 0n, to: 10n }], []);
    const stale = post(
      [
        { partition: 3, from: 0n, to: 11n },
        { partition: 5, from: 0n, to: 7n },
      ],
      [placed(factOf(1))],
    );
    await expect(stale).rejects.toBeInstanceOf(StaleCursorError);
    expect(await db.sql('select count(*) from fact')).toEqual([['0']]);
    expect(await db.sql('select count(*) from balance')).toEqual([['0']]);
    expect(await db.sql('select partition, next_offset from cursor order by 1')).toEqual([
      ['3', '10'],
      ['5', '0'],
    ]);
  });

  it('cannot store a fact whose legs do not sum to zero, and then moves no balance either', async () => {
    const fees: FeeSplit = { ...factOf(1).fees, acquirerMarginMinor: 6n };
    const posting = post([{ partition: 3, from: 0n, to: 1n }], [placed({ ...factOf(1), fees })]);
    await expect(posting).rejects.toThrow('fact_sums_to_zero');
    expect(
      await db.sql('select (select count(*) from balance), (select next_offset from cursor where partition = 3)'),
    ).toEqual([['0', '0']]);
  });

  it('has in the database the legs that the ledger computes', async () => {
    const fact = factOf(1);
    await post([{ partition: 3, from: 0n, to: 1n }], [placed(fact)]);
    const parties = { ...fact, providerId: feeContract.providerId, agentId: feeContract.agentId };
    const expected = postingsOf({ ...fact, parties }).map(({ account, amountMinor }) => [
      accountName(account),
      String(amountMinor),
    ]);
    expect(await db.sql('select account_name(purpose, owner_id, currency), amount from leg order by purpose')).toEqual(
      expected,
    );
  });

  it.each(['update fact set gross = gross + 1', 'delete from fact', 'truncate fact_20260304'])(
    'refuses to change a posted fact: %s',
    async (text) => {
      await post([{ partition: 3, from: 0n, to: 1n }], [placed(factOf(1))]);
      await expect(db.sql(text)).rejects.toThrow('never changes');
    },
  );

  it('costs at most 200 bytes a fact, index included', async () => {
    const facts = Array.from({ length: 4_000 }, (_, i) => placed(factOf(i)));
    await post([{ partition: 3, from: 0n, to: 4_000n }], facts);
    const [row] = await db.sql(
      `select pg_relation_size('fact_20260304') + pg_relation_size('fact_20260304_pkey'), count(*) from fact`,
    );
    expect(Number(row?.[0]) / Number(row?.[1])).toBeLessThan(200);
  });
});

describe('the imbalance view', () => {
  it('names a balance that somebody changed, and the currency that no longer sums to zero', async () => {
    await post([{ partition: 3, from: 0n, to: 1n }], [placed(factOf(1))]);
    await db.sql('update balance set amount = amount + 1 where purpose = 2');
    expect(await db.sql('select * from imbalance order by problem')).toEqual([
      ['balance_differs', 'merchant:812345678901234:payable:CNY', '2026-03-04', '3', 'CNY', '12811', '12812'],
      ['not_zero', '', '2026-03-04', null, 'CNY', '0', '1'],
    ]);
  });

  it('names every account of a fact that vanished', async () => {
    await post([{ partition: 3, from: 0n, to: 1n }], [placed(factOf(1))]);
    await db.sql(`do $$ begin set local session_replication_role = replica; delete from fact; end $$`);
    expect(await db.sql('select distinct problem, replayed, count(*) from imbalance group by 1, 2')).toEqual([
      ['balance_differs', '0', '9'],
    ]);
  });
});

describe('FactPartitions', () => {
  it('stores the first and the last id of a day in that day, and makes a partition once for all replicas', async () => {
    const day = today + 10;
    const partitions = () => new FactPartitions(db.database, { nowMs: () => nowMs });
    await Promise.all([partitions().ensure([day]), partitions().ensure([day, day]), partitions().ensure([day - 1])]);
    const ids = [operationId(1, day * 86_400_000), operationId(1, (day + 1) * 86_400_000 - 1)];
    const facts = ids.map((id) => placed({ ...factOf(1), operationId: id }));
    await post([{ partition: 3, from: 0n, to: 2n }], facts);
    expect(await db.sql('select distinct tableoid::regclass::text, count(*) from fact group by 1')).toEqual([
      ['fact_20260314', '2'],
    ]);
    expect(ids.map(dayOfOperation)).toEqual([day, day]);
  });
});

const placed = (fact: Fact): FactToPost => ({ fact, cycle: fact.businessDate, slot: 3 });

function factOf(number: number): Fact {
  const result = factOfOutcome(approvedSale(number), contract, today);
  if (!('fact' in result)) throw new Error(result.reason.detail);
  return result.fact;
}

const balances = async () =>
  pairsOf(await db.sql('select account, amount from account_balance order by account collate "C"'));
