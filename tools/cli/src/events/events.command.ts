import { Command } from 'commander';
import { topicNamed } from '@fourway/contracts';
import { readTopic } from '@fourway/platform-stream';
import { createWorld, dayPace, traffic } from '@fourway/world';
import { writeReport } from '../print/json-report.ts';
import { wholeNumber } from '../print/options.ts';
import { startProgress } from '../print/progress.ts';
import { brokersOf, stackOf } from '../stack-file.ts';
import { setAmountRules } from '../world/acquirer-behaviour.ts';
import { describeRecord } from './describe-record.ts';
import { play } from './play.ts';
import { isComplete } from './play-report.ts';
import { playVerdict, printPlay } from './print-play.ts';
import { produceOperations } from './produce.ts';

const stackOption = ['--stack <file>', "the stack's description; default this checkout's own"] as const;

export const eventsCommand = (): Command =>
  new Command('events')
    .description('payment events')
    .addCommand(produceCommand())
    .addCommand(playCommand())
    .addCommand(tailCommand());

const produceCommand = (): Command =>
  new Command('produce')
    .description('send operations to payments.requested.v1, one JSON object a line')
    .argument('[file]', 'file to read; - is standard input', '-')
    .option('--unchecked', 'also send what the switch will refuse')
    .option(...stackOption)
    .action(async (file: string, options: { stack?: string; unchecked?: boolean }) => {
      const brokers = brokersOf(stackOf(options));
      const checked = options.unchecked !== true;
      const sent = await produceOperations({ brokers, file, checked, onSent: (id) => console.log(id) });
      console.error(`${sent} operations sent`);
    });

interface PlayCommandOptions {
  readonly payments: number;
  readonly rate?: number;
  readonly day?: boolean;
  readonly seed: number;
  readonly merchants: number;
  readonly worldSeed: number;
  readonly stack?: string;
  readonly json?: string;
}

const playCommand = (): Command =>
  new Command('play')
    .description('send generated traffic, wait for its outcomes, print what came back')
    .option('--payments <n>', 'payments; bad input comes on top', wholeNumber(1, 100_000_000), 20_000)
    .option('--rate <n>', 'payments per second; default as fast as they are answered', wholeNumber(1, 1_000_000))
    .option('--day', "follow a day's curve, compressed: commuters, meals; --rate is its average")
    .option('--seed <n>', 'the same seed is the same traffic', wholeNumber(0, 0xffff_ffff), 1)
    .option('--merchants <n>', 'merchants of the world that was loaded', wholeNumber(1, 99_999_999), 2_000)
    .option('--world-seed <n>', 'seed of the world that was loaded', wholeNumber(0, 0xffff_ffff), 1)
    .option(...stackOption)
    .option('--json <file>', 'write the figures for machines')
    .action(playTraffic);

async function playTraffic({
  payments,
  rate,
  day = false,
  seed,
  merchants,
  worldSeed,
  json,
  ...stackFile
}: PlayCommandOptions): Promise<void> {
  const stack = stackOf(stackFile);
  const world = createWorld({ seed: worldSeed, merchants });
  await setAmountRules(stack.acquirers);
  const progress = startProgress('payments answered', payments);
  const report = await play({
    ...{
      brokers: brokersOf(stack),
      items: traffic(world, { payments, seed, followDay: day }),
      ratePerSecond: rate ?? null,
    },
    ...(day && rate !== undefined ? { pace: dayPace({ payments, ratePerSecond: rate }) } : {}),
    onProgress: ({ outcomes }) => progress.update(outcomes),
  });
  progress.stop();
  if (json !== undefined) writeReport(json, report);
  console.log(`${printPlay(report)}\n\n${playVerdict(report)}`);
  if (!isComplete(report)) process.exitCode = 1;
}

interface TailOptions {
  readonly follow?: boolean;
  readonly limit?: number;
  readonly stack?: string;
}

const tailCommand = (): Command =>
  new Command('tail')
    .description('print the records of a topic as JSON lines, card tokens masked')
    .argument('<topic>', 'for example payments.outcomes.v1')
    .option('--json', 'one JSON object a line (the only form there is)')
    .option('--follow', 'go on with new records until Ctrl-C')
    .option('--limit <n>', 'stop after so many', wholeNumber(1, 1_000_000_000))
    .option(...stackOption)
    .action(tail);

async function tail(topic: string, { follow, limit = Infinity, ...stackFile }: TailOptions): Promise<void> {
  const { name } = topicNamed(topic);
  const stop = new AbortController();
  process.once('SIGINT', () => stop.abort());
  let printed = 0;
  await readTopic({
    ...{ brokers: brokersOf(stackOf(stackFile)), clientId: 'fourway-cli', topic: name, signal: stop.signal },
    ...(follow === true ? { follow } : {}),
    onRecords: (records) => {
      for (const record of records.slice(0, limit - printed)) console.log(describeRecord(record));
      printed += records.length;
      if (printed >= limit) stop.abort();
    },
  });
}
