import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { decodeRefusal, topics, type OperationRequest, type Refusal } from '@fourway/contracts';
import { SwitchError, uuidV7 } from '@fourway/kernel';
import { Database } from '@fourway/platform-postgres';
import { readTopic, type StreamRecord } from '@fourway/platform-stream';
import { eventually, testEngines } from '@fourway/testing';
import { routingRig, sale, scoredRecord, type Replica, type RoutingRig } from '../testing/routing-rig.ts';
import { Retention } from './retention.handler.ts';

const dayMs = 86_400_000;
const minuteMs = 60_000;
let rig: RoutingRig;
beforeAll(async () => {
  rig = await routingRig();
});
afterAll(() => rig.stop());

function saleOfAge(ageMs: number): OperationRequest {
  const operationId = uuidV7(Date.now() - ageMs, randomBytes(10));
  return sale({ operationId, rootId: operationId });
}

const send = async (replica: Replica, record: StreamRecord): Promise<void> => {
  const sent = replica.send([record]);
  await sent.handled;
  await eventually(() => expect(sent.done.size).toBe(1));
};
const copyOf = (operation: OperationRequest): StreamRecord =>
  scoredRecord({ ...operation, eventId: crypto.randomUUID() });
const charges = ({ operationId }: OperationRequest): number =>
  rig.book().filter((entry) => entry.type === 'sale' && entry.operationId === operationId).length;

async function refusalsOf({ operationId }: OperationRequest): Promise<Refusal[]> {
  const found: Refusal[] = [];
  await readTopic({
    ...{ brokers: [testEngines().kafka], clientId: 'spec', topic: topics.refused.name },
    onRecords: (records) => {
      for (const { value } of records) {
        try {
          if (value !== null) found.push(decodeRefusal(value));
        } catch (error) {
          // Other specs share the topic.
          if (!(error instanceof SwitchError)) throw error;
        }
      }
    },
  });
  return found.filter((refusal) => refusal.operationId === operationId);
}

describe('an id at the horizon (G1, G3)', () => {
  it('is charged on the near side, and refused on the far side with nothing stored', async () => {
    const replica = await rig.replica();
    const [near, far] = [saleOfAge(35 * dayMs - minuteMs), saleOfAge(35 * dayMs + minuteMs)];
    await send(replica, scoredRecord(near));
    await send(replica, scoredRecord(far));
    expect([charges(near), charges(far)]).toEqual([1, 0]);
    expect(await refusalsOf(near)).toEqual([]);
    expect(await refusalsOf(far)).toMatchObject([{ code: 'id_out_of_range', field: 'operation_id' }]);
    expect(await rig.rows(`select from claim where operation_id = '${far.operationId}'`)).toEqual([]);
  });

  it('past it gets its outcome again while its claim is kept, and is refused when that day was dropped: never charged twice', async () => {
    const before = await rig.replica({ claimHorizonDays: 35 });
    const operation = saleOfAge(30 * dayMs);
    await send(before, scoredRecord(operation));
    // Twenty-two days later, as it were: the same id, past a horizon of eight days.
    const after = await rig.replica({ claimHorizonDays: 8 });
    await send(after, copyOf(operation));
    expect(await refusalsOf(operation)).toEqual([]);
    const dropped: string[] = [];
    const retention = new Retention({
      clock: { nowMs: () => Date.now() },
      horizons: { claimHorizonDays: 8 },
      kept: { claims: 16, outcomes: 408 },
      openDatabase: () => new Database({ url: after.postgresUrl, applicationName: 'spec', maxConnections: 1 }),
      onDropped: ({ name }) => dropped.push(name),
      onPurged: () => undefined,
      onKept: () => undefined,
    });
    await retention.run();
    expect(dropped.length).toBeGreaterThan(0);
    await send(after, copyOf(operation));
    expect(await refusalsOf(operation)).toMatchObject([{ code: 'id_out_of_range' }]);
    // A replica with a clock or a horizon that is wrong finds nowhere to store the claim, and so asks nobody.
    await expect(before.send([copyOf(operation)]).handled).rejects.toThrow(/no partition of relation "claim"/);
    expect(charges(operation)).toBe(1);
  });
});
