import { chmodSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { StackError } from '../processes/errors.ts';
import { probe } from '../processes/run.ts';
import { enginesFolder } from '../state-folder.ts';
import { readChecksums, verifyFile } from './checksums.ts';
import { installFolder, mayUseInstalled, pinnedFile } from './installed-folder.ts';
import { mavenDependency } from './maven.ts';
import { unpackDebianRedis } from './redis-debian.ts';

const binaries: Readonly<Record<string, string>> = {
  'linux-x64': 'redis-server-6.2.6-v5-linux-amd64',
  'linux-arm64': 'redis-server-6.2.7-linux-arm64',
  'darwin-x64': 'redis-server-6.2.6-v5-darwin-amd64',
  'darwin-arm64': 'redis-server-6.2.6-v5-darwin-arm64',
};

/** What process lists and monitoring know it by. */
const programName = 'redis-server';

export interface RedisProgram {
  readonly command: string;
  readonly env?: NodeJS.ProcessEnv;
}

/** Finds redis-server on the PATH, else fetches the pinned binary with Maven, else unpacks Debian's package. */
export async function findRedis(report: (line: string) => void): Promise<RedisProgram> {
  if (mayUseInstalled() && (await probe('redis-server', ['--version'])) !== undefined)
    return { command: 'redis-server' };
  const fetched = (await fetchWithMaven(report)) ?? (await unpackDebianRedis(report));
  if (fetched !== undefined) return fetched;
  throw new StackError(
    'Redis was not found and could not be fetched. Set FOURWAY_REDIS_URL=redis://host:port to use a running Redis, or install redis-server, or Maven (mvn) and OpenSSL 3.',
  );
}

async function fetchWithMaven(report: (line: string) => void): Promise<RedisProgram | undefined> {
  const binary = binaries[`${process.platform}-${process.arch}`];
  if (binary === undefined || (await probe('mvn', ['-v'])) === undefined) return undefined;
  const folder = await installFolder(join(enginesFolder, binary), (draft) => fetchBinary(draft, binary, report));
  const command = join(folder, programName);
  return (await probe(command, ['--version'])) === undefined ? undefined : { command };
}

async function fetchBinary(draft: string, binary: string, report: (line: string) => void): Promise<string> {
  report('Redis 6.2: fetching its binary with Maven (12 MB)');
  const unpacked = join(draft, 'bin');
  const only = ['-DincludeArtifactIds=embedded-redis', `-Dmdep.unpack.includes=${binary}`];
  await mavenDependency(draft, pinnedFile('redis', 'pom.xml'), [
    'unpack-dependencies',
    ...only,
    `-DoutputDirectory=${unpacked}`,
  ]);
  verifyFile(join(unpacked, binary), readChecksums(pinnedFile('redis', 'binaries.sha256')).get(binary));
  renameSync(join(unpacked, binary), join(unpacked, programName));
  chmodSync(join(unpacked, programName), 0o755);
  report('Redis 6.2: fetched, checksum matches');
  return unpacked;
}
