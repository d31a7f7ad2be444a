import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { decodeRefusal, topics, type OperationRequest, type Refusal } from '@fourway/contracts';
import { packProfile } from '@fourway/routing';
import { readTopic } from '@fourway/platform-stream';
import { eventually, testEngines } from '@fourway/testing';
import { DirectoryRepository } from '../directory/directory.repository.ts';
import { merchant, routingRig, sale, scoredRecord, type Replica, type RoutingRig } from '../testing/routing-rig.ts';

const withKey = { ...merchant, merchantId: '831000058120002', hasApiKey: true };
const denied = '6299000112340000';

let rig: RoutingRig;
let first: Replica;
let second: Replica;
let orders = 0;
beforeAll(async () => {
  rig = await routingRig();
  first = await rig.replica();
  second = await rig.replica();
  await new DirectoryRepository(first.engines).saveMerchants([
    { merchantId: withKey.merchantId, version: 1n, profile: packProfile(withKey) },
  ]);
});
afterAll(() => rig.stop());
beforeEach(() => {
  orders += 1;
});

const payment = (changes: Partial<OperationRequest> = {}): OperationRequest =>
  sale({ merchantId: withKey.merchantId, merchantOrderNo: `both-doors-${orders}`, ...changes });

const statusesOf = async (operations: readonly OperationRequest[]): Promise<(string | null)[]> => {
  const ids = operations.map(({ operationId }) => `'${operationId}'`).join(',');
  const rows = await rig.rows(`select operation_id, status from outcome where operation_id in (${ids})`);
  const byId = new Map(rows.map(([id, status]) => [id, status ?? null]));
  return operations.map(({ operationId }) => byId.get(operationId) ?? null);
};

async function refusalOf({ eventId }: OperationRequest): Promise<Refusal | undefined> {
  const found: Refusal[] = [];
  await readTopic({
    ...{ brokers: [testEngines().kafka], clientId: 'spec', topic: topics.refused.name },
    onRecords: (records) => {
      for (const { key, value } of records)
        if (key?.toString() === eventId && value !== null) found.push(decodeRefusal(value));
    },
  });
  return found[0];
}

async function pay(replica: Replica, operations: readonly OperationRequest[]): Promise<void> {
  const { done } = replica.send(operations.map((operation) => scoredRecord(operation)));
  await eventually(() => expect(done.size).toBe(operations.length));
}

describe('an order of a merchant that may use both doors', () => {
  it('is paid once when it comes under two operation ids, and the second one is told which pays it', async () => {
    const [http, stream] = [payment({ upstreamId: 'qr-payment' }), payment({ upstreamId: 'tills' })];
    await pay(first, [http]);
    await pay(second, [stream]);
    expect(await statusesOf([http, stream])).toEqual(['approved', null]);
    expect(await refusalOf(stream)).toMatchObject({
      code: 'merchant_order_taken',
      field: 'merchant_order_no',
      rule: expect.stringContaining(http.operationId),
    });
  });

  it('is paid once when both come in one batch, or race on two replicas', async () => {
    const inOneBatch = [payment(), payment()];
    await pay(first, inOneBatch);
    orders += 1;
    const racing = [payment(), payment()] as const;
    await Promise.all([pay(first, [racing[0]]), pay(second, [racing[1]])]);
    expect((await statusesOf(inOneBatch)).toSorted()).toEqual(['approved', null]);
    expect((await statusesOf(racing)).toSorted()).toEqual(['approved', null]);
  });

  it('may be paid by another operation after one that ended without success', async () => {
    const [refused, paid] = [payment({ cardToken: denied }), payment()];
    const { done } = first.send([scoredRecord(refused, { verdict: 'decline', reasons: ['deny_list'] })]);
    await eventually(() => expect(done.size).toBe(1));
    await pay(first, [paid]);
    expect(await statusesOf([refused, paid])).toEqual(['declined', 'approved']);
  });

  it('answers a redelivered operation with its own outcome', async () => {
    const operation = payment();
    await pay(first, [operation]);
    await pay(second, [operation]);
    expect(await statusesOf([operation])).toEqual(['approved']);
    expect(await refusalOf(operation)).toBeUndefined();
  });

  it('of a merchant without an API key is told apart by its operation id alone', async () => {
    const both = [sale({ merchantOrderNo: 'till-7' }), sale({ merchantOrderNo: 'till-7' })];
    await pay(first, both);
    expect(await statusesOf(both)).toEqual(['approved', 'approved']);
  });
});
