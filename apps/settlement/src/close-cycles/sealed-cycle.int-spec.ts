import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { encodeCutMark, topics } from '@fourway/contracts';
import { approvedSale, feeContract, recordOf } from '../post-outcomes/outcomes.fixture.ts';
import { OpenCycles } from '../post-outcomes/open-cycles.ts';
import { postingReplica } from '../post-outcomes/posting-replica.fixture.ts';
import { settlementDatabase, type SettlementDatabase } from '../post-outcomes/settlement-database.fixture.ts';
import { FeeContractRepository } from '../project-directory/fee-contract.repository.ts';
import { CycleRepository } from './cycle.repository.ts';

const today = '2026-03-04';
const sourcePartitions = topics.scored.partitions;
let db: SettlementDatabase;

beforeAll(async () => {
  db = await settlementDatabase('sealed_cycle');
  await new FeeContractRepository(db.database).store([{ version: 1n, contract: feeContract }]);
  const replica = await postingReplica(db.database);
  for (let partition = 0; partition < topics.outcomes.partitions; partition++) {
    const marks = Array.from({ length: sourcePartitions }, (_, sourcePartition) =>
      encodeCutMark({ businessDate: today, sourcePartition, sourcePartitions }),
    );
    const values = [approvedSale(partition + 1), ...marks];
    await replica.handle(values.map((value, offset) => recordOf(offset, value, partition)));
  }
  const cycles = new CycleRepository(db.database);
  expect(await cycles.close(today)).toBe(true);
  const file = {
    path: `${today}/acquirer-48021000.CNY.txt`,
    participantType: 'acquirer',
    participantId: '48021000',
    currency: 'CNY',
  };
  await cycles.filed(today, [{ ...file, details: 8, netMinor: 102_608n, bytes: 1, sha256: '0'.repeat(64) }]);
});

afterAll(() => db.close());

const factAgain = `select (overlay(operation_id::text placing 'ffff' from 33))::uuid, merchant_id, gross, mdr, issuer_fee, network_fee_issuer,
  network_fee_acquirer, acquirer_margin, provider_share, agent_share, business_date, acquirer_id, issuer_id, fee_terms_id, slot, card_type,
  currency, cycle from fact limit 1`;

describe('the database (G10)', () => {
  it.each([
    [`update balance set amount = amount + 1 where cycle = '${today}'`, 'never change'],
    [`delete from balance where cycle = '${today}'`, 'never change'],
    [`truncate balance_20260304`, 'never change'],
    [
      `insert into balance (owner_id, amount, cycle, purpose, slot, currency) values (1, 1, '${today}', 2, 0, 'CNY')`,
      'never change',
    ],
    [`insert into fact ${factAgain}`, 'the cycle of a fact is closed'],
    [`insert into fact_20260304 ${factAgain}`, 'the cycle of a fact is closed'],
    [`update cycle_position set net_minor = 0`, 'never change'],
    [`delete from cycle_position`, 'never change'],
    [`insert into cycle_position values ('${today}', 'issuer', '09999999', 'CNY', 1)`, 'never change'],
    [`delete from cycle_file`, 'never change'],
    [`truncate cycle_file`, 'never change'],
    [
      `insert into cycle_file select cycle_id, 'more', participant_type, participant_id, currency, details, net_minor, bytes, sha256 from cycle_file`,
      'never change',
    ],
    [`update cycle set state = 'open' where cycle_id = '${today}'`, 'only goes forward'],
    [`update cycle set closed_at = now() + interval '1 s' where cycle_id = '${today}'`, 'only goes forward'],
    [`delete from cycle where cycle_id = '${today}'`, 'only goes forward'],
  ])('refuses to change a closed cycle: %s', async (text, reason) => {
    await expect(db.sql(text)).rejects.toThrow(reason);
    expect(await db.sql('select * from imbalance')).toEqual([]);
  });

  it('opens a cycle once, though replicas need it at the same moment', async () => {
    const move = { partition: 0, from: 0n, to: 1n, closes: '2026-03-09' };
    const plan = { moves: [move], facts: [], marks: [], after: new Map() };
    await Promise.all([1, 2, 3, 4].map(() => new OpenCycles(db.database).ensureFor(plan)));
    expect(await db.sql(`select state from cycle where cycle_id = '2026-03-09'`)).toEqual([['open']]);
  });
});
