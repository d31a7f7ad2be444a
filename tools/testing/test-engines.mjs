import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { root, stackLibrary } from './stack-library.mjs';

const folder = join(root, '.fourway', 'tests');

/** Starts engines in a folder of this run's own, so that two runs in one checkout do not meet. */
export async function startTestEngines() {
  const { startEngines, sweepStack, ownerOfStack } = await stackLibrary();
  await removeAbandoned({ sweepStack, ownerOfStack });
  const stateDir = join(folder, String(process.pid));
  const engines = await startEngines({ stateDir, size: 'small', report: (line) => process.stderr.write(`${line}\n`) });
  return {
    environment: JSON.stringify({ kafka: engines.kafka, postgresUrl: engines.postgres, redisUrl: engines.redis }),
    stop: async () => {
      await engines.stop();
      rmSync(stateDir, { recursive: true, force: true });
    },
  };
}

/** Engines of a run that was killed before it could stop them. */
async function removeAbandoned({ sweepStack, ownerOfStack }) {
  for (const name of existsSync(folder) ? readdirSync(folder) : []) {
    const stateDir = join(folder, name);
    if (ownerOfStack(stateDir) !== undefined) continue;
    await sweepStack(stateDir);
    rmSync(stateDir, { recursive: true, force: true });
  }
}
