import { randomBytes } from 'node:crypto';
import { Database } from '@fourway/platform-postgres';
import { testEngines } from './test-engines.ts';

/** A database of one test file's own. */
export interface FreshDatabase {
  /** A superuser's URL of this database. */
  readonly url: string;
  /** Ends the connections to it and removes it. */
  drop(): Promise<void>;
}

/** Creates an empty database; `name` only helps to recognise it. */
export async function freshDatabase(name: string): Promise<FreshDatabase> {
  const server = testEngines().postgresUrl;
  const database = `${name.replaceAll(/\W/g, '_').toLowerCase()}_${randomBytes(5).toString('hex')}`;
  await execute(server, `create database ${database}`);
  const url = new URL(server);
  url.pathname = `/${database}`;
  return { url: url.href, drop: () => execute(server, `drop database if exists ${database} with (force)`) };
}

async function execute(url: string, text: string): Promise<void> {
  const connection = new Database({ url, applicationName: 'fourway-testing', maxConnections: 1 });
  try {
    await connection.query({ name: '', text, values: [] });
  } finally {
    await connection.close();
  }
}
