import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { collecting, TestStream, until } from './testing-broker.ts';

/** A consumer in a process of its own, which says so when it is in the group. */
const memberProgram = `
import kafkajs from 'kafkajs';
const [brokers, clientId, groupId, topic] = process.argv.slice(1);
const kafka = new kafkajs.Kafka({ brokers: brokers.split(','), clientId, logLevel: 0 });
const consumer = kafka.consumer({ groupId, sessionTimeout: 15000, rebalanceTimeout: 15000 });
consumer.on('consumer.group_join', () => process.stdout.write('joined'));
await consumer.connect();
await consumer.subscribe({ topics: [topic] });
await consumer.run({ eachBatch: async () => {} });
`;

describe('a member that was killed', () => {
  let stream: TestStream;
  let predecessor: ChildProcess;

  beforeEach(async () => {
    stream = await TestStream.create(2);
    const member = [stream.brokers.join(','), 'replica-0', stream.groupId, stream.topic];
    const started = spawn(process.execPath, ['--input-type=module', '--eval', memberProgram, ...member]);
    predecessor = started;
    await once(started.stdout, 'data');
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
