import { Command } from 'commander';
import { createWorld } from '@fourway/world';
import { wholeNumber } from '../print/options.ts';
import { grouped } from '../print/table.ts';
import { stackOf } from '../stack-file.ts';
import { prepareWorld } from './prepare-world.ts';

interface LoadOptions {
  readonly merchants: number;
  readonly seed: number;
  readonly stack?: string;
}

export const worldCommand = (): Command =>
  new Command('world')
    .description('the participants of the sample network')
    .addCommand(
      new Command('load')
        .description(
          'have the directory take over acquirers, issuers, providers, fee contracts, merchants and their premises',
        )
        .option('--merchants <n>', 'how many merchants', wholeNumber(1, 99_999_999), 2_000)
        .option('--seed <n>', 'the same seed is the same world', wholeNumber(0, 0xffff_ffff), 1)
        .option('--stack <file>', "the stack's description; default this checkout's own")
        .action(load),
    );

async function load({ merchants, seed, ...stackFile }: LoadOptions): Promise<void> {
  const records = await prepareWorld(stackOf(stackFile), createWorld({ seed, merchants }));
  console.log(`world loaded: ${grouped(records)} records, ${grouped(merchants)} merchants`);
}
