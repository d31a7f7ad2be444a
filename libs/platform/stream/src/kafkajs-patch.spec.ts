import { describe, it, expect, jest, afterEach } from '@jest/globals';
import { createRequire } from 'node:module';
import kafkajs from 'kafkajs';

// The files our patch changes have no public door; the spec reaches for them so that a kafkajs without the patch fails here.
const require = createRequire(import.meta.url);

interface RequestQueue {
  checkPendingRequests(): void;
  maybeThrottle(ms: number): void;
  push(request: object): void;
  fulfillRequest(response: { correlationId: number; size: number; payload: Buffer | null }): void;
  rejectAll(error: Error): void;
  destroy(): void;
}
type NewRequestQueue = new (options: object) => RequestQueue;
type GroupMessages = (options: object) => Record<number, { value: number }[]>;

const parseQueueClass = (loaded: unknown): NewRequestQueue => loaded as NewRequestQueue;
const parseGrouping = (loaded: unknown): GroupMessages => loaded as GroupMessages;

const Queue = parseQueueClass(require('kafkajs/src/network/requestQueue'));
const groupMessages = parseGrouping(require('kafkajs/src/producer/groupMessagesPerPartition'));

interface Worker {
  run(source: { next: () => { readonly batch: string; readonly resolve: () => void } | undefined }): void;
}
type CreateWorkerQueue = (options: { workers: readonly Worker[] }) => { push(...batches: string[]): Promise<void> };
const parseWorkerQueue = (loaded: unknown): CreateWorkerQueue => loaded as CreateWorkerQueue;
const createWorkerQueue = parseWorkerQueue(require('kafkajs/src/consumer/workerQueue'));

const queue = (): RequestQueue =>
  new Queue({
    maxInFlightRequests: null,
    requestTimeout: 30_000,
    enforceRequestTimeout: false,
    clientId: 'spec',
    broker: 'spec',
    logger: { debug() {} },
  });

describe('patched kafkajs request queue', () => {
  afterEach(() => {
    jest.useRealTimers();
  });

  it('does not wake up while nothing is pending and nothing is throttled', () => {
    jest.useFakeTimers();
    const idle = queue();
    idle.checkPendingRequests();
    expect(jest.getTimerCount()).toBe(0);
  });

  it('sends a request held back by a throttle when the throttle ends', () => {
    jest.useFakeTimers();
    const throttled = queue();
    let sent = 0;
    throttled.maybeThrottle(40);
    throttled.push({ entry: { correlationId: 1 }, expectResponse: true, sendRequest: () => sent++ });
    expect(sent).toBe(0);
    jest.advanceTimersByTime(60);
    expect(sent).toBe(1);
    throttled.destroy();
  });

  it('gives each response to its request in whatever order they come, and fails what is left', () => {
    const busy = queue();
    const ended: string[] = [];
    for (const correlationId of [1, 2, 3]) {
      const entry = {
        correlationId,
        resolve: () => ended.push(`answered ${correlationId}`),
        reject: (error: Error) => ended.push(`${error.message} ${correlationId}`),
      };
      busy.push({ entry, expectResponse: true, sendRequest: () => undefined });
    }
    busy.fulfillRequest({ correlationId: 2, size: 0, payload: null });
    busy.fulfillRequest({ correlationId: 1, size: 0, payload: null });
    busy.rejectAll(new Error('lost'));
    expect(ended).toEqual(['answered 2', 'answered 1', 'lost 3']);
    busy.destroy();
  });
});

describe('patched kafkajs grouping of messages', () => {
  it('keeps the order of messages within each partition', () => {
    const messages = Array.from({ length: 9 }, (_, value) => ({ value }));
    const partitioner = ({ message }: { message: { value: number } }): number => message.value % 2;
    const grouped = groupMessages({ topic: 't', partitionMetadata: [{}, {}], messages, partitioner });
    expect(grouped[0]?.map(({ value }) => value)).toEqual([0, 2, 4, 6, 8]);
    expect(grouped[1]?.map(({ value }) => value)).toEqual([1, 3, 5, 7]);
  });
});

describe('patched kafkajs worker queue', () => {
  it('starts as many workers as there are batches, and not each of the many there may be', async () => {
    let started = 0;
    const handled: string[] = [];
    const worker: Worker = {
      run({ next }) {
        started += 1;
        for (let item = next(); item !== undefined; item = undefined) {
          handled.push(item.batch);
          item.resolve();
        }
      },
    };
    const workers = createWorkerQueue({ workers: Array.from({ length: 64 }, () => worker) });
    await workers.push('first', 'second', 'third');
    expect(handled).toEqual(['first', 'second', 'third']);
    expect(started).toBe(3);
  });
});

describe('patched kafkajs admin', () => {
  it('can take a dead member out of its group', () => {
    const admin = new kafkajs.Kafka({ brokers: ['127.0.0.1:1'], logLevel: kafkajs.logLevel.NOTHING }).admin();
    expect(typeof admin.removeGroupMember).toBe('function');
  });
});
