import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { fingerprintOf, type OperationRequest } from '@fourway/contracts';
import { eventually } from '@fourway/testing';
import { ClaimRepository } from '../authorize-payment/claim.repository.ts';
import { newWriterId } from '../engines.ts';
import { acquirerId, merchant, routingRig, sale, scoredRecord, type RoutingRig } from '../testing/routing-rig.ts';

let rig: RoutingRig;
beforeAll(async () => {
  rig = await routingRig();
});
afterAll(() => rig.stop());

const outcomeOf = async ({ operationId }: OperationRequest): Promise<string | undefined> => {
  const [row] = await rig.rows(
    `select status || ' ' || response_code from outcome where operation_id = '${operationId}'`,
  );
  return row?.[0] ?? undefined;
};

/** A claim of a process that has said nothing since. */
async function claimed(writer: string): Promise<OperationRequest> {
  const operation = sale();
  const { engines } = await rig.replica();
  await new ClaimRepository(engines, writer).claim([
    {
      ...{ operationId: operation.operationId, fingerprint: fingerprintOf(operation), merchantId: merchant.merchantId },
      ...{ acquirerId, feeContractId: 12, outcome: null, merchantOrderNo: null },
    },
  ]);
  return operation;
}

it('what a dead process had claimed is taken up at once by the next one of its replica, another replica’s when its time is over', async () => {
  const [orphan, foreign] = [await claimed(newWriterId(3)), await claimed(newWriterId(4))];
  const slow = { answerTimeoutMs: 20_000 };
  const next = await rig.replica({ ...slow, replica: 3 });
  expect(await next.path.releasePredecessor()).toBe(1);
  next.send([orphan, foreign].map((operation) => scoredRecord(operation)));
  await eventually(async () => {
    await next.path.takeUp.takeUp();
    expect(await outcomeOf(orphan)).toBe('reversed no_answer');
  });
  expect(await outcomeOf(foreign)).toBeUndefined();
});

it('a replica does not release its own claims, or those that are decided', async () => {
  const next = await rig.replica({ replica: 5 });
  const { done } = next.send([scoredRecord(sale())]);
  await eventually(() => expect(done.size).toBe(1));
  expect(await next.path.releasePredecessor()).toBe(0);
  const after = await rig.replica({ replica: 5 });
  expect(await after.path.releasePredecessor()).toBe(0);
});
