import { topics, type TopicContract } from '@fourway/contracts';
import type { EndOffsetReader } from '@fourway/platform-stream';
import type { StackDescription } from '@fourway/stack';
import { cpuMicrosOf, type ProcessGroups } from '../processes/process-table.ts';
import { memoryOf } from '../processes/proc-memory.ts';
import type { BenchDatabase } from '../rig/bench-database.ts';
import { redisBytes } from '../rig/redis-answers.ts';
import { expiredOutcomes } from './expired-outcomes.ts';
import type { RunSample } from './run-sample.ts';

export interface Sampled {
  readonly stack: StackDescription;
  readonly database: BenchDatabase;
  readonly offsets: EndOffsetReader;
  readonly processes: ProcessGroups;
}

/** What everything stands at now, since the engines started; costs about as much as twenty payments. */
export async function takeSample({ stack, database, offsets, processes }: Sampled): Promise<RunSample> {
  const recordsIn = (topic: TopicContract): Promise<number> => offsets.recordsIn(topic.name);
  const [requested, scored, decided, refused, posted, expired, sizes, redis] = await Promise.all([
    ...([recordsIn(topics.requested), recordsIn(topics.scored), recordsIn(topics.outcomes)] as const),
    ...([recordsIn(topics.refused), database.posted(), expiredOutcomes(stack)] as const),
    ...([database.sizes(), redisBytes(stack.redis)] as const),
  ]);
  return {
    ...{ atMs: Date.now(), requested, scored, decided, posted, refused, expired },
    ...{ cpuMicros: cpuMicrosOf(processes), memoryBytes: memoryOf(processes) },
    ...{ postgresBytes: sizes.database, writeAheadLogBytes: sizes.writeAheadLog, redisBytes: redis },
  };
}

/** A sample as counted from another one. */
export function since(start: RunSample, now: RunSample): RunSample {
  const { requested, scored, decided, posted, refused, expired } = now;
  return {
    ...now,
    ...{ requested: requested - start.requested, scored: scored - start.scored, decided: decided - start.decided },
    ...{ posted: posted - start.posted, refused: refused - start.refused, expired: expired - start.expired },
    cpuMicros: Object.fromEntries(
      Object.entries(now.cpuMicros).map(([name, micros]) => [name, micros - (start.cpuMicros[name] ?? 0)]),
    ),
  };
}
