import { Command } from 'commander';
import { wholeNumber } from '@fourway/cli';
import { createWorld } from '@fourway/world';
import { preparePython } from './python-environment.ts';
import { runPythonClient } from './run-python-client.ts';
import { upstreamMaterial } from './upstream-material.ts';

interface Options {
  readonly stack: string;
  readonly merchants: number;
  readonly worldSeed: number;
  readonly requests: number;
}

/** Runs the Python client against a stack whose world has been loaded. */
async function main({ stack, merchants, worldSeed, requests }: Options): Promise<number> {
  const environment = await preparePython();
  if (environment.kind === 'missing') {
    console.error(environment.reason);
    return 2;
  }
  const material = upstreamMaterial(createWorld({ seed: worldSeed, merchants }));
  const { python } = environment;
  const { exitCode, output } = await runPythonClient({ python, stackFile: stack, material, requests });
  process.stdout.write(output);
  return exitCode ?? 2;
}

const options = new Command('clients')
  .description('run the independent Python client against a stack')
  .requiredOption('--stack <file>', "the stack's description")
  .option('--merchants <n>', 'merchants of the world that was loaded', wholeNumber(1, 99_999_999), 2_000)
  .option('--world-seed <n>', 'seed of the world that was loaded', wholeNumber(0, 0xffff_ffff), 1)
  .option('--requests <n>', 'sales to ask for', wholeNumber(120, 1_000_000), 1_000)
  .parse()
  .opts<Options>();
process.exitCode = await main(options);
