import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { probe, run } from '../processes/run.ts';
import { enginesFolder } from '../state-folder.ts';
import { installFolder } from './installed-folder.ts';
import type { RedisProgram } from './redis-install.ts';

const libraries = ['libjemalloc2', 'liblua5.1-0', 'lua-bitop', 'lua-cjson', 'liblzf1', 'libhiredis0.14'];

/** Debian and Ubuntu: the distribution's redis-server, unpacked without installing it. apt checks the packages' signatures. */
export async function unpackDebianRedis(report: (line: string) => void): Promise<RedisProgram | undefined> {
  if ((await probe('apt-get', ['--version'])) === undefined) return undefined;
  try {
    const folder = await installFolder(join(enginesFolder, 'redis-debian'), (draft) => unpack(draft, report));
    return await programIn(folder);
  } catch (error) {
    report(`Redis: Debian's package could not be used: ${String(error)}`);
    return undefined;
  }
}

async function unpack(draft: string, report: (line: string) => void): Promise<string> {
  report("Redis: fetching Debian's redis-server with apt-get download");
  const root = join(draft, 'root');
  mkdirSync(root);
  await run('apt-get', ['download', 'redis-server', 'redis-tools'], { cwd: draft });
  // A library's package name changes between releases; the server starts without the ones the machine already has.
  for (const library of libraries) await probe('apt-get', ['download', library], { cwd: draft });
  for (const file of readdirSync(draft).filter((name) => name.endsWith('.deb')))
    await run('dpkg', ['-x', join(draft, file), root]);
  return root;
}

async function programIn(root: string): Promise<RedisProgram | undefined> {
  const multiarch = readdirSync(join(root, 'usr', 'lib')).filter((name) => name.includes('-linux-gnu'));
  const env = { ...process.env, LD_LIBRARY_PATH: multiarch.map((name) => join(root, 'usr', 'lib', name)).join(':') };
  const command = join(root, 'usr', 'bin', 'redis-server');
  const version = await probe(command, ['--version'], { env });
  return version === undefined ? undefined : { command, env };
}
