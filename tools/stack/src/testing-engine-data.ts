import { connect } from 'node:net';
import { EventProducer, readTopic } from '@fourway/platform-stream';
import { Database } from '@fourway/platform-postgres';
import type { StackDescription } from './description.ts';
import type { EngineName } from './engines/engine.ts';
import { createTopics } from './supervisor/topics.ts';

/** Writes a mark into one engine and returns when the engine has acknowledged it. */
export async function storeMark(stack: StackDescription, engine: EngineName): Promise<void> {
  await { kafka: storeInKafka, postgres: storeInPostgres, redis: storeInRedis }[engine](stack);
}

export async function readMark(stack: StackDescription, engine: EngineName): Promise<string> {
  return await { kafka: readFromKafka, postgres: readFromPostgres, redis: readFromRedis }[engine](stack);
}

export function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port });
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

async function storeInKafka({ kafka }: StackDescription): Promise<void> {
  const connection = { brokers: [kafka], clientId: 'spec' };
  await createTopics(kafka, [{ name: 'marks', partitions: 1, retentionMs: null, cleanupPolicy: 'delete' }]);
  const producer = new EventProducer(connection);
  await producer.connect();
  await producer.send('marks', [{ key: null, value: Buffer.from('kafka') }]);
  await producer.disconnect();
}

async function readFromKafka({ kafka }: StackDescription): Promise<string> {
  const values: string[] = [];
  await readTopic({
    brokers: [kafka],
    clientId: 'spec',
    topic: 'marks',
    onRecords: (records) => void values.push(...records.map(({ value }) => String(value))),
  });
  return values.join();
}

async function storeInPostgres(stack: StackDescription): Promise<void> {
  await queryPostgres(stack, "create table marks as select 'postgres'::text as mark");
}

async function readFromPostgres(stack: StackDescription): Promise<string> {
  return await queryPostgres(stack, 'select mark from marks');
}

/** As a service does, in its own schema. */
async function queryPostgres({ roles }: StackDescription, text: string): Promise<string> {
  const database = new Database({ url: roles['routing'] ?? '', applicationName: 'spec', maxConnections: 1 });
  try {
    return String((await database.query({ name: '', text, values: [] }))[0]?.[0]);
  } finally {
    await database.close();
  }
}

async function storeInRedis(stack: StackDescription): Promise<void> {
  await askRedis(stack, 'SET mark redis');
}

async function readFromRedis(stack: StackDescription): Promise<string> {
  return (await askRedis(stack, 'GET mark')).split('\r\n')[1] ?? '';
}

function askRedis({ redis }: StackDescription, command: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port: Number(new URL(redis).port) });
    socket.once('error', reject);
    socket.once('connect', () => socket.write(`${command}\r\n`));
    socket.once('data', (answer) => {
      socket.destroy();
      resolve(answer.toString());
    });
  });
}
