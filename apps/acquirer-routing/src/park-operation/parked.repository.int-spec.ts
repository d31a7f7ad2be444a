import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { sleep, uuidV7 } from '@fourway/kernel';
import { routingRig, type Replica, type RoutingRig } from '../testing/routing-rig.ts';
import { ParkedRepository, type ParkedRecord } from './parked.repository.ts';

let rig: RoutingRig;
let replica: Replica;
beforeAll(async () => {
  rig = await routingRig();
  replica = await rig.replica();
});
afterAll(() => rig.stop());

const parkedRecord = (offset: number): ParkedRecord => {
  const operationId = uuidV7(Date.now(), randomBytes(10));
  return {
    ...{ topic: 'spec', partition: 0, offset: BigInt(offset), rootId: operationId, operationId },
    value: randomBytes(300),
  };
};

describe('the parked queue', () => {
  it('leases no more than it is asked for, and quickly, when its statement was planned while the queue was empty', async () => {
    const parked = new ParkedRepository(replica.engines);
    await rig.rows('analyze parked');
    // Each of the pool's connections plans for itself, and for good after the fifth time.
    for (let round = 0; round < 8; round++) await Promise.all(Array.from({ length: 8 }, () => parked.lease(500)));
    const records = Array.from({ length: 10_000 }, (_, offset) => parkedRecord(offset));
    for (let from = 0; from < records.length; from += 2_000)
      await parked.park(records.slice(from, from + 2_000).map((record) => ({ ...record, dueAtMs: Date.now() - 1 })));
    const leased = new Set<string>();
    for (let taken = 0; taken < 10; taken++) {
      const rows = await parked.lease(500);
      expect(rows).toHaveLength(500);
      for (const { operationId } of rows) leased.add(operationId);
    }
    expect(leased.size).toBe(5_000);
  });

  it('keeps a copy that was parked after the answer: the answer came before it', async () => {
    const parked = new ParkedRepository(replica.engines);
    const [first, copy] = [parkedRecord(20_000), parkedRecord(20_001)];
    const dueAtMs = Date.now() + 60_000;
    const beforeMs = await parked.park([{ ...first, dueAtMs }]);
    await sleep(5);
    await parked.park([{ ...copy, operationId: first.operationId, dueAtMs }]);
    await parked.remove([{ operationId: first.operationId, fingerprint: null, beforeMs }]);
    expect(await rig.rows(`select source_offset from parked where operation_id = '${first.operationId}'`)).toEqual([
      ['20001'],
    ]);
  });
});

it('statements over many day partitions are never compiled just in time: that took a second for each', async () => {
  expect(await replica.engines.query({ name: '', text: 'show jit', values: [] })).toEqual([['off']]);
});
