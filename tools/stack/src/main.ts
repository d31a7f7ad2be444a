import { resolve } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { down } from './cli/down.ts';
import { restart } from './cli/restart.ts';
import { isReady, statusTable } from './cli/status.ts';
import { up } from './cli/up.ts';
import { readStack, type StackDescription } from './description.ts';
import { messageOf, StackError } from './processes/errors.ts';
import { writeJsonFile } from './processes/json-file.ts';
import { ownerOf } from './ledger.ts';
import { frontDoor } from './services.ts';
import { stateFolder } from './state-folder.ts';

interface Options {
  readonly json?: string;
  readonly state?: string;
  readonly replicas?: Record<string, number>;
  readonly services?: string[];
  readonly all?: boolean;
}

const program = new Command('stack').description('Engines, services and acquirer simulators of this checkout');
const print = (line: string): void => void process.stdout.write(`${line}\n`);

program
  .command('up')
  .description('start everything and return when it is ready; a supervisor stays and restarts what ends')
  .option('--json <file>', 'keep this file current with addresses and process ids', absolute)
  .option('--replicas <service=N...>', 'processes of a service', replicasOf)
  .option(
    '--services <names>',
    'only these services and the acquirers, separated by commas; "none" for engines only',
    listOf,
  )
  .option('--state <folder>', 'where data and logs go (default .fourway)', absolute)
  .action(async ({ json, state, replicas = {}, services }: Options) => {
    await up({ jsonFile: json, stateDir: state, replicas, services }, print);
    print(statusTable(readStack(stateFolder(state).description)));
    print('The stack is up. Stop it with: npm run stack -- down');
  });

program
  .command('status')
  .description('every process of the stack; exit code 1 unless all are ready')
  .option('--json <file>', 'write addresses and process ids here', absolute)
  .option('--state <folder>', 'where its data and logs are (default .fourway)', absolute)
  .action(({ json, state }: Options) => {
    const stack = runningStack(state);
    if (json !== undefined) writeJsonFile(json, stack);
    print(statusTable(stack));
    if (!isReady(stack)) process.exitCode = 1;
  });

program
  .command('restart')
  .description('restart services one replica at a time, so that two replicas of each go on serving')
  .argument('[services...]', 'which ones')
  .option('--all', 'every service but the front door, which has no one in front of it to hide its restart')
  .option('--json <file>', 'write how long each took here', absolute)
  .option('--state <folder>', 'where its data and logs are (default .fourway)', absolute)
  .action(async (names: string[], { all, json, state }: Options) => {
    if (names.length > 0 === (all === true)) throw new StackError('Name services, or give --all.');
    const { services } = runningStack(state);
    const chosen = all === true ? Object.keys(services).filter((name) => name !== frontDoor) : names;
    const restarts = await restart({ stateDir: state, services: chosen }, print);
    if (json !== undefined) writeJsonFile(json, { restarts });
    const unclean = restarts.filter(({ ended }) => ended !== 'exit 0').map(({ name }) => name);
    print(`${restarts.length} replicas restarted${unclean.length === 0 ? '' : `, not cleanly: ${unclean.join(', ')}`}`);
    if (unclean.length > 0) process.exitCode = 1;
  });

program
  .command('down')
  .description('stop everything and remove its data; logs, books and files stay')
  .option('--state <folder>', 'where its data and logs are (default .fourway)', absolute)
  .action(async ({ state }: Options) => {
    print((await down(state)) ? 'The stack is down.' : 'No stack was up.');
  });

/** @throws StackError when no supervisor holds the folder, whatever an earlier one left there. */
function runningStack(state: string | undefined): StackDescription {
  const { ledger, description } = stateFolder(state);
  if (ownerOf(ledger) === undefined) throw new StackError('No stack is up. Start one: npm run stack -- up');
  return readStack(description);
}

function absolute(path: string): string {
  return resolve(process.env['INIT_CWD'] ?? '', path);
}

function listOf(names: string): string[] {
  return names === 'none' ? [] : names.split(',');
}

function replicasOf(setting: string, previous: Record<string, number> = {}): Record<string, number> {
  const [, service, count] = /^([a-z-]+)=(\d+)$/.exec(setting) ?? [];
  if (service === undefined) throw new InvalidArgumentError('Give service=N, for example risk-scoring=2.');
  return { ...previous, [service]: Number(count) };
}

try {
  await program.parseAsync();
} catch (error) {
  process.stderr.write(`${messageOf(error)}\n`);
  process.exitCode = 1;
}
