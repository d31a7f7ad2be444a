// Keeps engines up between integration test runs. Paste the line it prints into the shell that runs them; Ctrl-C stops the engines.
import { startTestEngines } from './test-engines.mjs';

const engines = await startTestEngines();
process.stdout.write(`export FOURWAY_TEST_ENGINES='${engines.environment}'\n`);
process.stderr.write('Engines are up until Ctrl-C.\n');
await new Promise((resolve) => {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, resolve);
});
await engines.stop();
