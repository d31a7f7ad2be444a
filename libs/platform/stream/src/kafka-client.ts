import kafkajs, { type Kafka, type LogEntry, type RetryOptions } from 'kafkajs';
import { useOwnRecordFormat } from './record-format.ts';
import { responseSocket } from './response-socket.ts';
import type { StreamLogger } from './stream-logger.ts';

useOwnRecordFormat();

// Node finds only some of kafkajs' names when they are imported one by one.
const { logLevel } = kafkajs;

export interface KafkaConnection {
  readonly brokers: readonly string[];
  readonly clientId: string;
  readonly logger?: StreamLogger;
}

// kafkajs reports each step of a reconnect as an error; to us they are warnings, an error is what ends the process.
const forwardTo =
  (logger: StreamLogger | undefined) =>
  ({ namespace, level, log }: LogEntry): void => {
    if (level > logLevel.WARN) return;
    logger?.warn(
      {
        from: `kafkajs.${namespace}`,
        broker: text(log['broker']),
        groupId: text(log['groupId']),
        error: text(log['error']),
      },
      log.message,
    );
  };

const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

/** `retries` is given everywhere, because kafkajs takes other defaults when NODE_ENV is "test". */
export const retryPolicy = (retries: number): RetryOptions => ({
  initialRetryTime: 50,
  maxRetryTime: 1_000,
  factor: 0.2,
  multiplier: 2,
  retries,
});

export const connectTo = ({ brokers, clientId, logger }: KafkaConnection): Kafka =>
  new kafkajs.Kafka({
    brokers: [...brokers],
    clientId,
    connectionTimeout: 3_000,
    requestTimeout: 30_000,
    socketFactory: responseSocket,
    retry: retryPolicy(10),
    logLevel: logLevel.WARN,
    logCreator: () => forwardTo(logger),
  });
