import { StreamConsumer, type StreamConsumerOptions } from '@fourway/platform-stream';

export type RequestedConsumerOptions = Pick<
  StreamConsumerOptions,
  'brokers' | 'clientId' | 'groupId' | 'topics' | 'handle' | 'logger' | 'metrics'
>;

/** Several batches are in flight: while one waits for the broker's acknowledgement the next is counted. */
export const createRequestedConsumer = (options: RequestedConsumerOptions): StreamConsumer =>
  new StreamConsumer({
    ...options,
    isOnlyOfItsName: true,
    // Counters that are away are an answer, and the producer says itself whether a failed send may be tried again.
    isTransient: () => false,
    maxInFlightBatches: 2,
  });
