import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { groupSize } from './consumer-groups.ts';
import { connectTo } from './kafka-client.ts';
import { removeFormerSelf } from './remove-predecessor.ts';
import { collecting, TestStream, until } from './testing-broker.ts';

/** A consumer in a process of its own, which says so when it is in the group. */
const memberProgram = `
import kafkajs from 'kafkajs';
const [brokers, clientId, groupId, topic] = process.argv.slice(1);
const kafka = new kafkajs.Kafka({ brokers: brokers.split(','), clientId, logLevel: 0 });
const consumer = kafka.consumer({ groupId, sessionTimeout: 15000, rebalanceTimeout: 15000 });
consumer.on('consumer.group_join', ({ payload }) => process.stdout.write(payload.memberId));
await consumer.connect();
await consumer.subscribe({ topics: [topic] });
await consumer.run({ eachBatch: async () => {} });
`;

describe('a member that was killed', () => {
  let stream: TestStream;
  let predecessor: ChildProcess;
  let memberId: string;

  beforeEach(async () => {
    stream = await TestStream.create(2);
    const member = [stream.brokers.join(','), 'replica-0', stream.groupId, stream.topic];
    const started = spawn(process.execPath, ['--input-type=module', '--eval', memberProgram, ...member]);
    predecessor = started;
    const [said] = (await once(started.stdout, 'data')) as [Buffer];
    memberId = said.toString();
    started.kill('SIGKILL');
    await once(started, 'exit');
  });
  afterEach(async () => {
    predecessor.kill('SIGKILL');
    await stream.close();
  });

  it('does not keep its partitions for the rest of its session when its successor has its name', async () => {
    await stream.produce(4);
    const seen: number[] = [];
    const startedMs = performance.now();
    await stream.consumer({ clientId: 'replica-0', isOnlyOfItsName: true, handle: collecting(seen) }).start();
    await until(() => seen.length === 4);
    // The dead session lasts fifteen.
    expect(performance.now() - startedMs).toBeLessThan(10_000);
  });

  it('is taken out of the group by what comes after it, once', async () => {
    const { connection, groupId } = stream;
    const kafka = connectTo(connection);
    expect(await groupSize({ ...connection, groupId })).toBe(1);
    await removeFormerSelf({ kafka, groupId, memberId, isOver: () => false });
    expect(await groupSize({ ...connection, groupId })).toBe(0);
    await removeFormerSelf({ kafka, groupId, memberId, isOver: () => false });
  });

  it('is left to the broker by a member of another name', async () => {
    await stream.produce(4);
    const seen: number[] = [];
    const other = stream.consumer({ clientId: 'replica-1', isOnlyOfItsName: true, handle: collecting(seen) });
    const starting = other.start();
    await sleep(4_000);
    expect(other.assignment).toEqual([]);
    await starting;
    await until(() => seen.length === 4);
  });
});
