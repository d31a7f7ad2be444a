import { sleep } from '@fourway/kernel';
import type { DayPartition, Run } from './days.ts';
import { plain } from './days.ts';

/** Another statement may hold what we wait for this long, milliseconds; whoever comes after us waits no longer than that. */
const lockTimeoutMs = 100;
const tries = 20;
const pauseMs = 250;
const lockNotAvailable = '55P03';

export class PartitionBusyError extends Error {
  override readonly name = 'PartitionBusyError';
}

/**
 * Detaches and drops one partition. Detaching concurrently takes no lock that statements on the table wait for; it waits for those that
 * began before it, and a wait that is given up leaves the partition detaching, to be finished by the next try.
 * @throws PartitionBusyError when a lock was not to be had in twenty tries; what is left to do is done next time
 */
export async function dropPartition({ table, name, state }: DayPartition, run: Run): Promise<void> {
  await run(plain(`set lock_timeout = '${lockTimeoutMs}ms'`));
  let from = state;
  for (let tried = 1; from !== 'detached'; tried++) {
    const how = from === 'detaching' ? 'finalize' : 'concurrently';
    if (await isDone(() => run(plain(`alter table ${table} detach partition ${name} ${how}`)))) break;
    if (tried === tries) throw new PartitionBusyError(`partition ${name} is in use: not detached in ${tries} tries`);
    await sleep(pauseMs);
    from = await stateOf(name, run);
  }
  for (let tried = 1; !(await isDone(() => run(plain(`drop table if exists ${name}`)))); tried++) {
    if (tried === tries) throw new PartitionBusyError(`partition ${name} is in use: not dropped in ${tries} tries`);
    await sleep(pauseMs);
  }
}

async function isDone(work: () => Promise<unknown>): Promise<boolean> {
  try {
    await work();
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === lockNotAvailable) return false;
    throw error;
  }
}

async function stateOf(name: string, run: Run): Promise<DayPartition['state']> {
  const [row] = await run(plain('select inhdetachpending from pg_inherits where inhrelid = $1::regclass', [name]));
  if (row === undefined) return 'detached';
  return row[0] === 't' ? 'detaching' : 'attached';
}
