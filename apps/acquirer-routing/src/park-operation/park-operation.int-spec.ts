import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { sleep } from '@fourway/kernel';
import { eventually } from '@fourway/testing';
import { routingRig, sale, scoredRecord, type Replica, type RoutingRig } from '../testing/routing-rig.ts';

let rig: RoutingRig;
let replica: Replica;
beforeAll(async () => {
  rig = await routingRig();
  replica = await rig.replica();
});
afterAll(() => rig.stop());

it('an operation that is answered while its row is being parked leaves no row, and is not answered again', async () => {
  await rig.behave({ latencyMs: 150 });
  const operation = sale();
  const { done, handled } = replica.send([scoredRecord(operation)]);
  await handled;
  // The row cannot be written until the answer is out.
  const held = rig.rows('do $$ begin lock table parked in exclusive mode; perform pg_sleep(1); end $$');
  await sleep(80);
  const parking = replica.path.parking.parkSlowCalls();
  await eventually(() => expect(done.size).toBe(1));
  await held;
  await parking;
  expect(await rig.rows(`select from parked where operation_id = '${operation.operationId}'`)).toEqual([]);
  await rig.behave({ latencyMs: 0 });
});
