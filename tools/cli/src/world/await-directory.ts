import { sleep, SwitchError } from '@fourway/kernel';
import { Database } from '@fourway/platform-postgres';
import { expectedOfPartner, expectedOfWorld, type ExpectedDirectory } from './expected-directory.ts';
import { projectionsOf, readProjection, type Projected, type Projection } from './projections.ts';
import type { World } from '@fourway/world';

export interface AwaitDirectoryOptions {
  readonly postgresUrl: string;
  readonly world: World;
  /** The version of a world that was produced to the topic; none: partner-platform took it over and knows the versions. */
  readonly version?: bigint;
  readonly onProgress?: (merchants: number) => void;
}

const pollMs = 200;
const stalledMs = 60_000;

/**
 * Resolves when every service has taken the world over into its own projection.
 * @throws SwitchError `stalled` when a minute passes without progress
 */
export async function awaitDirectory({
  postgresUrl,
  world,
  version,
  onProgress,
}: AwaitDirectoryOptions): Promise<void> {
  const database = new Database({
    url: postgresUrl,
    applicationName: 'fourway-world',
    maxConnections: 1,
    statementTimeoutMs: 120_000,
  });
  try {
    const expected = version === undefined ? await expectedOfPartner(database) : expectedOfWorld(world, version);
    for (const projection of await projectionsOf(database))
      await awaitProjection({ database, projection, expected, onProgress });
  } finally {
    await database.close();
  }
}

interface Awaited {
  readonly database: Database;
  readonly projection: Projection;
  readonly expected: ExpectedDirectory;
  readonly onProgress: AwaitDirectoryOptions['onProgress'];
}

async function awaitProjection({ database, projection, expected, onProgress }: Awaited): Promise<void> {
  const wanted = expected[projection.type];
  let seen = -1;
  let progressMs = performance.now();
  for (;;) {
    const startedMs = performance.now();
    const found = await readProjection(database, projection, expected.fromVersion);
    if (projection.type === 'merchant') onProgress?.(Math.min(found.count, wanted.count));
    if (found.count >= wanted.count && found.versions >= wanted.versions) return;
    if (found.count > seen) progressMs = performance.now();
    seen = found.count;
    if (performance.now() - progressMs > stalledMs) throw notTaken(projection, found, wanted);
    // Counting millions must not be what the services wait for.
    await sleep(Math.max(pollMs, 3 * (performance.now() - startedMs)));
  }
}

const notTaken = ({ table, type }: Projection, found: Projected, wanted: Projected): SwitchError =>
  new SwitchError(
    'stalled',
    `${table} has ${found.count} of ${wanted.count} entities of type ${type}, and no more for ${stalledMs / 1_000} s; look at the service's log`,
  );
