import { randomBytes } from 'node:crypto';
import { Database } from '@fourway/platform-postgres';

const databaseName = 'fourway';

/** One schema and one role a service, of the same name (design §3). */
export const serviceRoles = ['risk', 'routing', 'settlement', 'partner', 'payment'] as const;
export type ServiceRole = (typeof serviceRoles)[number];

export async function postgresAnswers(url: string): Promise<boolean> {
  return (await execute(url, ['select 1'])).length === 1;
}

/** The same server and user, database `fourway`. */
export function databaseUrl(superuserUrl: string): string {
  return withParts(superuserUrl, { pathname: `/${databaseName}` });
}

/** Creates the database, and for every service a role with a fresh password and the schema it owns. Returns each role's URL. */
export async function createServiceRoles(superuserUrl: string): Promise<Readonly<Record<ServiceRole, string>>> {
  const exists = await execute(superuserUrl, [`select 1 from pg_database where datname = '${databaseName}'`]);
  if (exists.length === 0) await execute(superuserUrl, [`create database ${databaseName}`]);
  const url = databaseUrl(superuserUrl);
  await execute(url, [`revoke all on database ${databaseName} from public`, 'revoke all on schema public from public']);
  return {
    risk: await createRole(url, 'risk'),
    routing: await createRole(url, 'routing'),
    settlement: await createRole(url, 'settlement'),
    partner: await createRole(url, 'partner'),
    payment: await createRole(url, 'payment'),
  };
}

async function createRole(url: string, role: ServiceRole): Promise<string> {
  const password = randomBytes(18).toString('hex');
  const exists = await execute(url, [`select 1 from pg_roles where rolname = '${role}'`]);
  await execute(url, [
    `${exists.length === 0 ? 'create' : 'alter'} role ${role} login password '${password}'`,
    `grant connect on database ${databaseName} to ${role}`,
    `create schema if not exists ${role} authorization ${role}`,
    `alter role ${role} in database ${databaseName} set search_path = ${role}`,
  ]);
  return withParts(url, { username: role, password });
}

function withParts(url: string, parts: Partial<Pick<URL, 'pathname' | 'username' | 'password'>>): string {
  return Object.assign(new URL(url), parts).href;
}

/** Runs the statements one after another on a connection of their own; the rows of the last. */
async function execute(url: string, statements: readonly string[]): Promise<readonly unknown[]> {
  const database = new Database({ url, applicationName: 'fourway-stack', maxConnections: 1 });
  try {
    let rows: readonly unknown[] = [];
    for (const text of statements) rows = await database.query({ name: '', text, values: [] });
    return rows;
  } finally {
    await database.close();
  }
}
