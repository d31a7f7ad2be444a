import { sleep, SwitchError } from '@fourway/kernel';
import { Database } from '@fourway/platform-postgres';
import type { World } from '@fourway/world';

export interface AwaitDirectoryOptions {
  readonly postgresUrl: string;
  readonly world: World;
  readonly version: bigint;
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
    statementTimeoutMs: 60_000,
  });
  const wanted = world.merchantCount + world.issuers.length + [...world.feeContracts()].length;
  try {
    let seen = -1;
    let progressMs = performance.now();
    for (;;) {
      const counts = await projectedCounts(database, version);
      const total = counts.merchants + counts.issuers + counts.feeContracts;
      onProgress?.(Math.min(counts.merchants, world.merchantCount));
      if (total >= wanted) return;
      if (total > seen) progressMs = performance.now();
      seen = total;
      if (performance.now() - progressMs > stalledMs) throw notTaken(counts, world);
      await sleep(pollMs);
    }
  } finally {
    await database.close();
  }
}

interface ProjectedCounts {
  readonly merchants: number;
  readonly issuers: number;
  readonly feeContracts: number;
}

async function projectedCounts(database: Database, version: bigint): Promise<ProjectedCounts> {
  const [row = []] = await database.query({
    name: 'projected-counts',
    text: `select (select count(*) from routing.merchant where version >= $1), (select count(*) from routing.issuer where version >= $1),
      (select count(*) from settlement.fee_contract where version >= $1)`,
    values: [String(version)],
  });
  const [merchants, issuers, feeContracts] = row.map(Number);
  return { merchants: merchants ?? 0, issuers: issuers ?? 0, feeContracts: feeContracts ?? 0 };
}

const notTaken = ({ merchants, issuers, feeContracts }: ProjectedCounts, world: World): SwitchError =>
  new SwitchError(
    'stalled',
    `the services have taken over ${merchants} of ${world.merchantCount} merchants, ${issuers} of ${world.issuers.length} issuers ` +
      `and ${feeContracts} fee contracts, and no more for ${stalledMs / 1_000} s; look at their logs`,
  );
