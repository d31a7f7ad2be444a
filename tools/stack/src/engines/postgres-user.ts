import { chmodSync, chownSync, cpSync, mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { StackHost } from '../host.ts';
import { StackError } from '../processes/errors.ts';
import { probe, type SystemUser } from '../processes/run.ts';

/** Where PostgreSQL's files live and who runs it. */
export interface PostgresHome {
  readonly bin: string;
  readonly folder: string;
  readonly user?: SystemUser;
}

/**
 * PostgreSQL refuses to run as root. Then it runs as `nobody`, who cannot enter the checkout,
 * so its files live in the system's temporary folder and are removed with the stack.
 */
export async function postgresHome(bin: string, host: StackHost): Promise<PostgresHome> {
  if (process.getuid?.() !== 0) {
    const folder = join(host.folder.data, 'postgres');
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    return { bin, folder };
  }
  const user = await nobody();
  const folder = mkdtempSync(join(tmpdir(), 'fourway-postgres-'));
  host.ownFolder(folder);
  chmodSync(folder, 0o700);
  chownSync(folder, user.uid, user.gid);
  return { bin: await reachableBin(bin, folder, user), folder, user };
}

async function nobody(): Promise<SystemUser> {
  const uid = Number(await probe('id', ['-u', 'nobody']));
  const gid = Number(await probe('id', ['-g', 'nobody']));
  if (uid > 0 && gid > 0) return { uid, gid };
  throw new StackError(
    'PostgreSQL refuses to run as root and there is no user `nobody` to run it as. Run as an ordinary user.',
  );
}

async function reachableBin(bin: string, folder: string, user: SystemUser): Promise<string> {
  if ((await probe(join(bin, 'postgres'), ['--version'], { user, cwd: folder })) !== undefined) return bin;
  const copy = join(folder, 'program');
  cpSync(dirname(bin), copy, { recursive: true, verbatimSymlinks: true });
  return join(copy, 'bin');
}
