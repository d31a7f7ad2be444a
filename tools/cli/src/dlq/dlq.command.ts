import { Command } from 'commander';
import { topics } from '@fourway/contracts';
import { SwitchError } from '@fourway/kernel';
import { listDeadLetters, replayDeadLetters, type DeadLetter } from '@fourway/platform-stream';
import { describeRecord } from '../events/describe-record.ts';
import { tableOf } from '../print/table.ts';
import { brokersOf, stackOf } from '../stack-file.ts';

const streams = Object.values(topics).map(({ name }) => name);

interface DlqOptions {
  readonly stack?: string;
  readonly topic?: string;
  readonly all?: boolean;
}

export const dlqCommand = (): Command =>
  new Command('dlq')
    .description('records that were set aside')
    .addCommand(withOptions(new Command('list')).description('what was set aside and why').action(list))
    .addCommand(
      withOptions(new Command('show'))
        .description('one entry')
        .argument('<id>', '<topic>/<partition>/<offset>')
        .action(show),
    )
    .addCommand(
      withOptions(new Command('replay'))
        .description('send entries to their topic again and take them off the list')
        .argument('[ids...]', '<topic>/<partition>/<offset>')
        .option('--all', 'every entry (of --topic)')
        .action(replay),
    );

const withOptions = (command: Command): Command =>
  command
    .option('--topic <name>', 'only records of this topic; default all topics')
    .option('--stack <file>', "the stack's description; default this checkout's own");

const connectionOf = (options: DlqOptions): { brokers: string[]; clientId: string } => ({
  brokers: brokersOf(stackOf(options)),
  clientId: 'fourway-cli',
});

async function lettersOf(options: DlqOptions): Promise<DeadLetter[]> {
  const connection = connectionOf(options);
  const wanted = options.topic === undefined ? streams : [options.topic];
  const letters = await Promise.all(wanted.map((topic) => listDeadLetters({ ...connection, topic })));
  return letters.flat();
}

async function list(options: DlqOptions): Promise<void> {
  const letters = await lettersOf(options);
  const rows = letters.map(({ id, reason, failedAtMs, value }) => [
    ...[id, new Date(failedAtMs).toISOString(), reason.code, String(value?.length ?? 0), reason.detail],
  ]);
  console.log(rows.length === 0 ? 'nothing was set aside' : tableOf(['id', 'time', 'reason', 'bytes', 'detail'], rows));
}

async function show(id: string, options: DlqOptions): Promise<void> {
  const letter = (await lettersOf(options)).find((entry) => entry.id === id);
  if (letter === undefined) throw new SwitchError('not_found', `no entry ${id}; see: dlq list`);
  const { topic, partition, offset, key, value, headers, failedAtMs, reason } = letter;
  console.log(`${reason.code}: ${reason.detail}`);
  console.log(describeRecord({ topic, partition, offset, key, value, headers, timestampMs: failedAtMs }));
  console.log(`bytes: ${value?.toString('hex') ?? 'none'}`);
}

async function replay(ids: readonly string[], options: DlqOptions): Promise<void> {
  if (ids.length === 0 && options.all !== true)
    throw new SwitchError('not_found', 'name the entries to replay, or give --all');
  const letters = (await lettersOf(options)).filter(({ id }) => options.all === true || ids.includes(id));
  const missing = ids.filter((id) => letters.every((letter) => letter.id !== id));
  if (missing.length > 0) throw new SwitchError('not_found', `no entry ${missing.join(', ')}; nothing was replayed`);
  for (const [topic, ofTopic] of Map.groupBy(letters, (letter) => letter.topic)) {
    await replayDeadLetters({ ...connectionOf(options), topic, ids: ofTopic.map(({ id }) => id) });
  }
  console.log(`${letters.length} records sent again`);
}
