import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Outcome } from '@fourway/contracts';
import { FeeContractRepository } from '../project-directory/fee-contract.repository.ts';
import { approvedSale, feeContract, operationId, recordOf } from '../post-outcomes/outcomes.fixture.ts';
import { postingReplica } from '../post-outcomes/posting-replica.fixture.ts';
import { pairsOf, settlementDatabase, type SettlementDatabase } from '../post-outcomes/settlement-database.fixture.ts';

let db: SettlementDatabase;

beforeAll(async () => {
  db = await settlementDatabase('follow_ups');
  await new FeeContractRepository(db.database).store([{ version: 1n, contract: feeContract }]);
});
afterAll(() => db.close());
afterEach(async () => {
  expect(await db.sql('select * from imbalance')).toEqual([]);
  await db.sql(
    `do $$ begin set local session_replication_role = replica; delete from fact; delete from balance; delete from cursor; delete from payment_fact; end $$`,
  );
});

const sale = approvedSale(1);
const on = (number: number, kind: Outcome['kind'], changes: Partial<Outcome> = {}): Outcome =>
  approvedSale(number, { rootId: sale.operationId, kind, sequence: number, ...changes });

/** Posts outcomes, so many in a batch, each batch by a fresh process. */
async function post(
  outcomes: readonly Outcome[],
  batchSize = outcomes.length,
): Promise<[where: string, code: string][]> {
  const records = outcomes.map((outcome, offset) => recordOf(offset, outcome));
  const deadLetters: [string, string][] = [];
  for (let at = 0; at < records.length; at += batchSize) {
    const batch = await (await postingReplica(db.database)).handle(records.slice(at, at + batchSize));
    deadLetters.push(...batch.deadLetters);
  }
  return deadLetters;
}

const grossOf = async (): Promise<Record<string, string | null>> =>
  pairsOf(await db.sql('select operation_id, gross from fact order by operation_id'));
const balances = async (): Promise<Record<string, string | null>> =>
  pairsOf(await db.sql('select account, amount from account_balance where amount <> 0 order by account'));

describe('the postings of operations on a payment', () => {
  it('refund a sale in parts, fees with it, to nothing', async () => {
    await post([sale, on(2, 'refund', { amountMinor: 5_000n }), on(3, 'refund', { amountMinor: 5_000n })], 2);
    expect(await grossOf()).toEqual({
      [operationId(1)]: '12888',
      [operationId(2)]: '-5000',
      [operationId(3)]: '-5000',
    });
    // 2,888 less the 17 of the discount that are not back yet.
    expect(await balances()).toMatchObject({ 'merchant:812345678901234:payable:CNY': '2871' });
    await db.sql(`delete from cursor`);
    await post(
      [
        sale,
        on(2, 'refund', { amountMinor: 5_000n }),
        on(3, 'refund', { amountMinor: 5_000n }),
        on(4, 'refund', { amountMinor: 2_888n }),
      ],
      1,
    );
    expect(await balances()).toEqual({});
  });

  it('undo exactly what is undone: a sale, one capture of two, a refund', async () => {
    await post([sale, on(2, 'void', { originalKind: 'sale' })]);
    expect(await balances()).toEqual({});
    const [first, second] = [on(5, 'capture', { amountMinor: 7_001n }), on(6, 'capture', { amountMinor: 3_333n })];
    const other = operationId(90);
    const ofOther = (outcome: Outcome): Outcome => ({ ...outcome, rootId: other });
    await db.sql(`delete from cursor`);
    await post(
      [
        approvedSale(90, { kind: 'authorize' }),
        ofOther(first),
        ofOther(second),
        ofOther(
          on(7, 'void', { originalKind: 'capture', originalOperationId: first.operationId, amountMinor: 7_001n }),
        ),
        ofOther(on(8, 'refund', { amountMinor: 1_111n })),
        ofOther(
          on(9, 'reversal', { originalKind: 'refund', originalOperationId: operationId(8), amountMinor: 1_111n }),
        ),
        ofOther(on(10, 'refund', { amountMinor: 3_333n })),
        ofOther(on(11, 'void', { originalKind: 'authorize' })),
      ],
      3,
    );
    expect(await balances()).toEqual({});
    expect(Object.values(await grossOf()).filter((gross) => gross === '7001' || gross === '-7001')).toHaveLength(2);
  });

  it('set aside what gives back a payment that is not posted, or more of it than there is', async () => {
    const deadLetters = await post([
      on(2, 'refund'),
      on(3, 'void', { originalKind: 'sale' }),
      sale,
      on(4, 'refund', { amountMinor: 12_889n }),
    ]);
    expect(deadLetters).toEqual([
      ['3/0', 'payment_unknown'],
      ['3/1', 'payment_unknown'],
      ['3/3', 'refund_exceeds_captured'],
    ]);
    expect(Object.keys(await grossOf())).toEqual([sale.operationId]);
  });

  it('come to the same however often and in whatever batches the outcomes are read', async () => {
    const parts = [1n, 4_999n, 17n, 2_888n, 4_983n];
    const outcomes = [sale, ...parts.map((amountMinor, i) => on(2 + i, 'refund', { amountMinor }))];
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 2, maxLength: 3 }), async (batchSizes) => {
        for (const size of batchSizes) {
          await db.sql(`delete from cursor`);
          expect(await post(outcomes, size)).toEqual([]);
        }
        expect(await balances()).toEqual({});
        expect(Object.keys(await grossOf())).toHaveLength(outcomes.length);
      }),
      { numRuns: 8 },
    );
  });
});
