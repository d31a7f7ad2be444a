import type { RedisOptions } from 'ioredis';

/** ioredis' defaults let a call hang for ever and run twice; these do not. */
export const connectionOptions = (clientName: string): RedisOptions => ({
  connectionName: clientName,
  lazyConnect: true,
  // For what ioredis asks by itself when it connects; calls of ours have a shorter limit of their own.
  commandTimeout: 5_000,
  connectTimeout: 2_000,
  keepAlive: 5_000,
  // A call made while Redis is away would otherwise wait for it.
  enableOfflineQueue: false,
  // Calls in flight when the connection is lost fail at once; otherwise ioredis keeps them and sends them to the next server.
  maxRetriesPerRequest: 0,
  retryStrategy: (attempt) => Math.min(50 * attempt, 500),
  // A demoted master answers READONLY: the next connection may reach the new one.
  reconnectOnError: (error) => (error.message.startsWith('READONLY') ? 1 : false),
});
