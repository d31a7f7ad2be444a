import { randomBytes } from 'node:crypto';
import { appendFileSync, chownSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { StackHost } from '../host.ts';
import { run } from '../processes/run.ts';
import { givenEngine, superviseEngine, type Engine } from './engine.ts';
import { findPostgres } from './postgres-install.ts';
import { postgresHome, type PostgresHome } from './postgres-user.ts';
import { postgresAnswers } from './postgres-databases.ts';

const superuser = 'postgres';

/** Starts PostgreSQL on an empty data folder, or uses the one at FOURWAY_POSTGRES_URL. The address is a superuser's URL. */
export async function startPostgres(host: StackHost): Promise<Engine> {
  const given = process.env['FOURWAY_POSTGRES_URL'];
  if (given !== undefined) return await givenEngine({ name: 'postgres', address: given }, () => postgresAnswers(given));
  const home = await postgresHome(await findPostgres(host.report), host);
  const port = await host.ports.take();
  const password = randomBytes(18).toString('hex');
  const data = await initialise(home, password);
  appendFileSync(join(data, 'postgresql.conf'), configuration(home, host, port));
  const address = `postgres://${superuser}:${password}@127.0.0.1:${port}/postgres`;
  const supervised = superviseEngine('postgres', host, {
    command: join(home.bin, 'postgres'),
    args: ['-D', data],
    cwd: home.folder,
    ...(home.user && { user: home.user }),
    // Immediate shutdown: its data is thrown away with the stack, so it need not write a checkpoint first.
    stopSignal: 'SIGQUIT',
    isReady: () => postgresAnswers(address),
  });
  return { name: 'postgres', address, process: supervised };
}

async function initialise(home: PostgresHome, password: string): Promise<string> {
  const data = join(home.folder, 'data');
  const passwordFile = join(home.folder, 'password');
  writeFileSync(passwordFile, password, { mode: 0o600 });
  if (home.user) chownSync(passwordFile, home.user.uid, home.user.gid);
  const cluster = ['-D', data, '-U', superuser, '--encoding=UTF8', '--locale=C', '--no-sync'];
  await run(join(home.bin, 'initdb'), [...cluster, '--auth=scram-sha-256', `--pwfile=${passwordFile}`], {
    cwd: home.folder,
    ...(home.user && { user: home.user }),
  });
  rmSync(passwordFile);
  return data;
}

function configuration(home: PostgresHome, host: StackHost, port: number): string {
  const settings = {
    listen_addresses: '127.0.0.1',
    port,
    unix_socket_directories: home.folder,
    password_encryption: 'scram-sha-256',
    max_connections: 200,
    shared_buffers: host.size === 'standard' ? '1GB' : '256MB',
    max_wal_size: '8GB',
    wal_compression: 'on',
    fsync: 'on',
    synchronous_commit: 'on',
    full_page_writes: 'on',
    timezone: 'UTC',
  };
  return Object.entries(settings)
    .map(([name, value]) => `${name} = '${value}'\n`)
    .join('');
}
