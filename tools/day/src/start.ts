import { parseArgs, type DayArguments } from './arguments.ts';
import {
  grouped,
  ordersVerdict,
  playVerdict,
  printComparison,
  printOrders,
  printPlay,
  verdictOf,
  writeReport,
} from '@fourway/cli';
import { startStack, type RunningStack, type StackDescription } from '@fourway/stack';
import { createWorld, type World } from '@fourway/world';
import { dayReport } from './day-report.ts';
import { isGood, runDay, type DayResult } from './run-day.ts';

// Ctrl-C at any moment stops everything that was started, and leaves nothing.
const stopRequested = Promise.withResolvers<'stop'>();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stopRequested.resolve('stop'));

async function main(options: DayArguments): Promise<number> {
  const startedMs = performance.now();
  const { stateDir, ...dayOptions } = options;
  const stack = await startStack({
    report: (line) => console.log(`· ${line}`),
    ...(stateDir === undefined ? {} : { stateDir }),
  });
  try {
    return await Promise.race([day(stack, dayOptions, startedMs), stopRequested.promise.then(() => 130)]);
  } finally {
    console.log('· stopping');
    await stack.stop();
  }
}

async function day(stack: RunningStack, { json, exit, ...options }: DayArguments, startedMs: number): Promise<number> {
  const result = await runDay(stack.description, options);
  const durationSeconds = Math.round((performance.now() - startedMs) / 100) / 10;
  if (json !== undefined) writeReport(json, dayReport(result, { options, durationSeconds }));
  console.log(
    `\n${[printPlay(result.played), printOrders(result.orders), cycleVerdict(result), printComparison(result.books)].join('\n\n')}\n`,
  );
  if (!exit) console.log(`${addresses(stack.description, createWorld(options))}\n`);
  const verdict = isGood(result) ? 'day: good' : 'day: NOT good';
  console.log(
    `${verdict}; ${playVerdict(result.played)}; ${ordersVerdict(result.orders)}; ${verdictOf(result.books)}; ${grouped(Math.round(durationSeconds))} s`,
  );
  if (!exit) await stopRequested.promise;
  return isGood(result) ? 0 : 1;
}

const cycleVerdict = ({ cycle: { id, state, positions, files }, filesAgree }: DayResult): string =>
  `cycle ${id} is ${state}: ${grouped(positions.length)} positions, ${grouped(files.length)} files, ` +
  (filesAgree ? 'every byte as the ledger gives it' : 'NOT as the ledger gives them');

const addresses = ({ url, kafka, services, acquirers, logs }: StackDescription, world: World): string => {
  // The largest merchants have an API key in every world.
  const [merchantId, terminalId] = [world.merchantId(0), world.terminalId(0)];
  return [
    'still up; Ctrl-C stops everything',
    `  API        ${url ?? ''}  (${url ?? ''}/openapi/qr-payment.json, ${url ?? ''}/openapi/partner-platform.json)`,
    `  kafka      ${kafka}`,
    ...Object.entries(services).map(
      ([name, { healthUrl, metricsUrl }]) => `  ${name.padEnd(17)} ${healthUrl}  ${metricsUrl}`,
    ),
    ...acquirers.map(({ id, url }) => `  acquirer ${id} ${url}/behaviour`),
    `  logs       ${logs}`,
    '  next       npm run fourway -- payments show <id> | events tail payments.outcomes.v1 | cycle show | books compare',
    `             npm run fourway -- api POST /v1/orders --as merchant:${merchantId} --body '{"merchantOrderNo":"A1","amountMinor":1280,"currency":"CNY","terminalId":"${terminalId}"}'`,
  ].join('\n');
};

try {
  process.exitCode = await main(parseArgs(process.argv));
} catch (error) {
  const isOperational = error instanceof Error && ('code' in error || error.name === 'StackError');
  console.error(isOperational ? error.message : error);
  process.exitCode = 1;
}
process.exit();
