import { Command, InvalidArgumentError } from 'commander';
import { SwitchError } from '@fourway/kernel';
import type { Database } from '@fourway/platform-postgres';
import { readCycleRecord, verifyCycle, type CycleRecord, type CycleVerification } from '@fourway/settlement-files';
import { writeReport } from '../print/json-report.ts';
import { wholeNumber } from '../print/options.ts';
import { grouped, tableOf } from '../print/table.ts';
import { stackOf } from '../stack-file.ts';
import { awaitCycle, closeCycle, withDatabase } from './close-cycle.ts';
import { cycleReportOf, printCycle, printFiles } from './cycle-report.ts';

interface CycleOptions {
  readonly stack?: string;
  readonly json?: string;
}

interface CloseOptions extends CycleOptions {
  readonly wait?: boolean;
  readonly timeout: number;
}

interface VerifyOptions extends CycleOptions {
  readonly restore?: boolean;
}

export const cycleCommand = (): Command =>
  new Command('cycle')
    .description('settlement cycles, one a business date')
    .addCommand(
      withOptions(new Command('close'))
        .description('end the open business date now; its cycle closes when all its payments are in the ledger')
        .option('--wait', 'return when its files are written')
        .option('--timeout <seconds>', 'how long a step may take with --wait', wholeNumber(1, 3_600), 120)
        .action(close),
    )
    .addCommand(
      withOptions(new Command('show'))
        .description('state and positions')
        .argument('[id]', 'YYYY-MM-DD; default the last one that closed', cycleIdOf)
        .action(show),
    )
    .addCommand(
      withOptions(new Command('files'))
        .description('the files, with their digests and sums')
        .argument('[id]', 'YYYY-MM-DD; default the last one that closed', cycleIdOf)
        .action(files),
    )
    .addCommand(
      withOptions(new Command('verify'))
        .description('make the files again from the ledger and compare every byte; exit 1 if one differs')
        .argument('[id]', 'YYYY-MM-DD; default the last one that closed', cycleIdOf)
        .option('--restore', 'put missing files back')
        .action(verify),
    );

function cycleIdOf(text: string): string {
  if (/^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(text))) return text;
  throw new InvalidArgumentError('Give the business date of the cycle, YYYY-MM-DD.');
}

const withOptions = (command: Command): Command =>
  command
    .option('--stack <file>', "the stack's description; default this checkout's own")
    .option('--json <file>', 'write the report for machines');

async function close({ wait, timeout, json, ...options }: CloseOptions): Promise<void> {
  const { postgres } = stackOf(options);
  const id = await closeCycle(postgres);
  if (wait !== true) {
    if (json !== undefined) writeReport(json, { id });
    console.log(`business date ${id} has ended; its cycle is closing`);
    return;
  }
  const report = cycleReportOf(await awaitCycle(postgres, id, timeout * 1_000));
  if (json !== undefined) writeReport(json, report);
  console.log(printCycle(report));
}

async function show(id: string | undefined, { json, ...options }: CycleOptions): Promise<void> {
  const report = cycleReportOf(await recordOf(id, options));
  if (json !== undefined) writeReport(json, report);
  console.log(printCycle(report));
}

async function files(id: string | undefined, { json, ...options }: CycleOptions): Promise<void> {
  const report = cycleReportOf(await recordOf(id, options));
  if (json !== undefined) writeReport(json, report);
  console.log(printFiles(report));
}

async function verify(id: string | undefined, { json, restore, ...options }: VerifyOptions): Promise<void> {
  const stack = stackOf(options);
  const verification = await withDatabase(stack.postgres, async (database) =>
    verifyCycle({
      ...{ database, folder: stack.files, restore: restore === true },
      cycleId: id ?? (await lastClosed(database)),
    }),
  );
  if (json !== undefined) writeReport(json, verification);
  console.log(printVerification(verification));
  if (!verification.agree) process.exitCode = 1;
}

function recordOf(id: string | undefined, options: CycleOptions): Promise<CycleRecord> {
  return withDatabase(stackOf(options).postgres, async (database) => {
    const cycleId = id ?? (await lastClosed(database));
    const record = await readCycleRecord(database, cycleId);
    if (record === null) throw new SwitchError('not_found', `there is no cycle ${cycleId}`);
    return record;
  });
}

async function lastClosed(database: Database): Promise<string> {
  const [row] = await database.query({
    name: '',
    text: `select max(cycle_id) from settlement.cycle where state <> 'open'`,
    values: [],
  });
  const id = row?.[0];
  if (typeof id !== 'string') throw new SwitchError('not_found', 'no cycle has closed yet; see: cycle close --wait');
  return id;
}

/** What is wrong, line by line, then the verdict. */
export function printVerification({ cycleId, agree, files: verdicts, problems }: CycleVerification): string {
  const wrong = verdicts.filter(({ verdict }) => verdict !== 'same');
  const table =
    wrong.length === 0
      ? []
      : [
          tableOf(
            ['file', 'verdict', 'where'],
            wrong.map(({ path, verdict, detail }) => [path, verdict, detail]),
          ),
        ];
  const verdict = agree
    ? `cycle ${cycleId}: ${grouped(verdicts.length)} files, every byte as the ledger gives it`
    : `cycle ${cycleId}: NOT as the ledger gives it`;
  return [...table, ...problems, verdict].join('\n');
}
