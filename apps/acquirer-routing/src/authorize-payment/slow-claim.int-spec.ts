import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { fingerprintOf } from '@fourway/contracts';
import { sleep } from '@fourway/kernel';
import { eventually } from '@fourway/testing';
import { ClaimRepository } from './claim.repository.ts';
import {
  acquirerId,
  merchant,
  routingRig,
  sale,
  scoredRecord,
  type Replica,
  type RoutingRig,
} from '../testing/routing-rig.ts';

let rig: RoutingRig;
let replica: Replica;
beforeAll(async () => {
  rig = await routingRig();
  replica = await rig.replica();
});
afterAll(() => rig.stop());

/** Claims cannot be written for so long; what has read the clock before keeps what it read. */
const holdClaims = async (seconds: number): Promise<{ readonly released: Promise<unknown> }> => {
  const released = rig.rows(`do $$ begin lock table claim in exclusive mode; perform pg_sleep(${seconds}); end $$`);
  await sleep(100);
  return { released };
};
const outcomeOf = async (operationId: string): Promise<string | undefined> => {
  const [row] = await rig.rows(
    `select status || ' ' || response_code from outcome where operation_id = '${operationId}'`,
  );
  return row?.[0] ?? undefined;
};
const salesOf = (id: string): number =>
  rig.book().filter(({ type, operationId }) => type === 'sale' && operationId === id).length;

describe('a claim that took longer to store than a request may wait', () => {
  it('is renewed by its writer, who sent nothing yet, and the payment goes to its acquirer once', async () => {
    const operation = sale();
    const { released } = await holdClaims(0.8);
    const { done } = replica.send([scoredRecord(operation)]);
    await released;
    await eventually(() => expect(done.size).toBe(1));
    expect(await outcomeOf(operation.operationId)).toBe('approved 00');
    expect(salesOf(operation.operationId)).toBe(1);
  });

  it('is not renewed when others may soon take it up: the payment is declined and never sent', async () => {
    const operation = sale();
    const { released } = await holdClaims(2.5);
    const { done } = replica.send([scoredRecord(operation)]);
    await released;
    await eventually(() => expect(done.size).toBe(1));
    expect(await outcomeOf(operation.operationId)).toBe('declined not_sent');
    expect(salesOf(operation.operationId)).toBe(0);
  });

  it('once renewed is not taken up at the time that was set before', async () => {
    const operation = sale();
    const { value } = scoredRecord(operation);
    const claimAndPark = `
      with claimed as (insert into claim (operation_id, fingerprint, merchant_id, writer, fee_contract_id, acquirer_id)
        values ('${operation.operationId}', '\\x${fingerprintOf(operation)}', ${operation.merchantId}, 1, 12, '${acquirerId}'))
      insert into parked (source_topic, source_partition, source_offset, root_id, operation_id, record, due_at)
        values ('t', 0, 1, '${operation.rootId}', '${operation.operationId}', '\\x${value?.toString('hex')}', now() - interval '1 second')`;
    await rig.rows(claimAndPark);
    await replica.path.takeUp.takeUp();
    await sleep(200);
    expect(await outcomeOf(operation.operationId)).toBeUndefined();
    expect(await rig.rows(`select from parked where operation_id = '${operation.operationId}'`)).toHaveLength(1);
  });

  it('and is another process’s is not renewed', async () => {
    const { engines } = replica;
    const operation = sale();
    const claim = {
      operationId: operation.operationId,
      fingerprint: fingerprintOf(operation),
      merchantId: merchant.merchantId,
      ...{ acquirerId, feeContractId: 12, outcome: null, merchantOrderNo: null },
    };
    await new ClaimRepository(engines, '77').claim([claim]);
    expect(await new ClaimRepository(engines, '78').renew([operation.operationId], 60_000)).toEqual(new Set());
    expect(await new ClaimRepository(engines, '77').renew([operation.operationId], 60_000)).toEqual(
      new Set([operation.operationId]),
    );
  });
});
