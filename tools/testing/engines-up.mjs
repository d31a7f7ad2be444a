import { startTestEngines } from './test-engines.mjs';

/** Jest's global setup of the integration tests: engines for the whole run, or those a developer keeps up already. */
export default async function enginesUp() {
  if (process.env.FOURWAY_TEST_ENGINES) return;
  const engines = await startTestEngines();
  process.env.FOURWAY_TEST_ENGINES = engines.environment;
  globalThis.fourwayTestEngines = engines;
}
