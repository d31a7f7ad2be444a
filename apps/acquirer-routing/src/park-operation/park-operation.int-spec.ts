import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { topics } from '@fourway/contracts';
import { readTopic } from '@fourway/platform-stream';
import { sleep } from '@fourway/kernel';
import { eventually, testEngines } from '@fourway/testing';
import { routingRig, sale, scoredRecord, type Replica, type RoutingRig } from '../testing/routing-rig.ts';

let rig: RoutingRig;
let replica: Replica;
beforeAll(async () => {
  rig = await routingRig();
  replica = await rig.replica();
});
afterAll(() => rig.stop());

async function refusedEventIds(): Promise<string[]> {
  const ids: string[] = [];
  await readTopic({
    ...{ brokers: [testEngines().kafka], clientId: 'spec', topic: topics.refused.name },
    onRecords: (records) => {
      for (const { key } of records) ids.push(key?.toString() ?? '');
    },
  });
  return ids;
}

it('another body that arrives while the row of its operation is being written is refused, not lost', async () => {
  await rig.behave({ latencyMs: 450 });
  const operation = sale();
  const { handled } = replica.send([scoredRecord(operation)]);
  await handled;
  const held = rig.rows('do $$ begin lock table parked in exclusive mode; perform pg_sleep(0.25); end $$');
  await sleep(80);
  const parking = replica.path.parking.parkSlowCalls();
  const other = { ...operation, eventId: randomUUID(), amountMinor: 1n };
  const { done } = replica.send([scoredRecord(other)]);
  await Promise.all([held, parking]);
  await eventually(() => expect(done.size).toBe(1));
  await eventually(async () => expect(await refusedEventIds()).toContain(other.eventId));
  await rig.behave({ latencyMs: 0 });
});

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

it('a copy that joins a parked call is kept by a row of its own: another process may have answered meanwhile and taken the first row away', async () => {
  await rig.behave({ latencyMs: 450 });
  const operation = sale();
  const ofIt = `operation_id = '${operation.operationId}'`;
  const { handled } = replica.send([scoredRecord(operation)]);
  await handled;
  await sleep(80);
  await replica.path.parking.parkSlowCalls();
  // As the other process does behind its answer.
  await rig.rows(`delete from parked where ${ofIt}`);
  const copy = scoredRecord(operation);
  const { done } = replica.send([copy]);
  await eventually(async () => {
    await replica.path.parking.parkSlowCalls();
    expect(done.size).toBe(1);
  });
  expect(await rig.rows(`select source_offset from parked where ${ofIt}`)).toEqual([[copy.offset.toString()]]);
  await eventually(async () => expect(await rig.rows(`select from parked where ${ofIt}`)).toEqual([]));
  await rig.behave({ latencyMs: 0 });
});
