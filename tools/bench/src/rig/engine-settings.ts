import { readFileSync } from 'node:fs';
import type { ProcessGroups } from '../processes/process-table.ts';
import type { BenchDatabase } from './bench-database.ts';
import { redisLines } from './redis-answers.ts';
import type { Rig } from './rig.ts';

export interface EngineSettings {
  readonly kafka: Readonly<Record<string, string>>;
  readonly postgres: Readonly<Record<string, string>>;
  readonly redis: Readonly<Record<string, string>>;
}

/** What the engines were set to, asked from themselves where they can be. */
export async function engineSettings({ stack, engines }: Rig, database: BenchDatabase): Promise<EngineSettings> {
  return {
    kafka: kafkaSettings(engines),
    postgres: await database.settings(),
    redis: { ...(await redisSettings(stack.redis, 'append*')), ...(await redisSettings(stack.redis, 'maxmemory*')) },
  };
}

const kafkaKeys = /^(process\.roles|broker\.session|group\.initial|log\.retention|offsets\.topic)/;

/** The broker's command line names its memory and its properties; empty for a broker that is not ours. */
function kafkaSettings({ kafka }: ProcessGroups): Record<string, string> {
  const [pid] = kafka ?? [];
  if (pid === undefined) return {};
  const args = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
  const properties = args.findLast((arg) => arg.endsWith('.properties'));
  const lines = properties === undefined ? [] : readFileSync(properties, 'utf8').split('\n');
  const chosen = lines.map((line) => line.split('=')).filter(([key = '']) => kafkaKeys.test(key));
  return {
    jvm: args.filter((arg) => arg.startsWith('-X')).join(' '),
    ...Object.fromEntries(chosen.map(([key = '', value = '']) => [key, value])),
  };
}

/** Names and values line by line. */
async function redisSettings(url: string, pattern: string): Promise<Record<string, string>> {
  const lines = await redisLines(url, `CONFIG GET ${pattern}`);
  const settings: Record<string, string> = {};
  for (let at = 0; at + 1 < lines.length; at += 2) settings[lines[at] ?? ''] = lines[at + 1] ?? '';
  return settings;
}
