import { readFileSync } from 'node:fs';
import { brokersOf, grouped } from '@fourway/cli';
import { topics } from '@fourway/contracts';
import { sleep } from '@fourway/kernel';
import { committedOffsets, endOffsets, groupSize, rewindGroup } from '@fourway/platform-stream';
import type { Lab } from '../lab/lab.ts';
import { waitUntil } from '../lab/wait-until.ts';
import { serviceVictims } from '../victims/victim.ts';
import type { Damage, Fault } from './fault.ts';
import { paymentsOnly } from './kill-once.ts';

const groups = [
  { groupId: 'risk-scoring', topic: topics.requested.name },
  { groupId: 'acquirer-routing', topic: topics.scored.name },
  { groupId: 'settlement', topic: topics.outcomes.name },
] as const;
/** A stopped member is in its group until its session ends, after ten seconds. */
const emptyWithinMs = 40_000;
const caughtUpWithinMs = 300_000;

/** All groups begin again at the first record there is, as after a mistaken reset. */
export const rewindGroups: Fault = {
  name: 'rewind-groups',
  promise: 'groups rewound to the beginning: every record comes again, nothing new is in any book',
  mix: paymentsOnly,
  when: 'afterwards',
  inflict: rewind,
};

async function rewind(lab: Lab): Promise<Damage> {
  const before = await effectsOf(lab);
  const pids = serviceVictims.flatMap(({ pid }) => pid(lab.stack()) ?? []);
  const connection = { brokers: brokersOf(lab.stack()), clientId: 'fourway-faults' };
  for (const pid of pids) process.kill(pid, 'SIGSTOP');
  try {
    for (const group of groups) {
      const what = `group ${group.groupId} empty`;
      await waitUntil(async () => (await groupSize({ ...connection, ...group })) === 0, {
        what,
        withinMs: emptyWithinMs,
      });
      await rewindGroup({ ...connection, ...group });
    }
    await lab.database.rewindCursors();
  } finally {
    for (const pid of pids) process.kill(pid, 'SIGCONT');
  }
  const startedMs = Date.now();
  const again = await caughtUp(lab);
  const seconds = Math.round((Date.now() - startedMs) / 10) / 100;
  const after = await effectsOf(lab);
  return {
    bit: () => again,
    mustBite: lab.options.payments,
    recoverySeconds: () => seconds,
    figures: () => ({ records: again, seconds, recordsPerSecond: Math.round(again / seconds), effects: after }),
    seen: () =>
      `${grouped(again)} records read again in ${seconds} s, ${grouped(Math.round(again / seconds))}/s over three stages; ` +
      `${grouped(after.outcomes)} outcomes, ${grouped(after.facts)} facts, ${grouped(after.acquirerLines)} lines of acquirers as before`,
    problems: () => Promise.resolve(differencesOf(before, after)),
  };
}

/** Waits until every group has read all there is, what the rewinding itself produced included. Returns the records read. */
async function caughtUp({ stack }: Lab): Promise<number> {
  const connection = { brokers: brokersOf(stack()), clientId: 'fourway-faults' };
  const records: number[] = [];
  for (const { groupId, topic } of groups) {
    const isThere = async (): Promise<boolean> => {
      const [ends, committed] = await Promise.all([
        endOffsets({ ...connection, topic }),
        committedOffsets({ ...connection, groupId, topic }),
      ]);
      const reached = new Map(committed.map(({ partition, offset }) => [partition, offset]));
      records.push(ends.reduce((sum, { offset }) => sum + Number(offset), 0));
      return ends.every(({ partition, offset }) => (reached.get(partition) ?? 0n) >= offset);
    };
    await waitUntil(isThere, { what: `group ${groupId} at the end`, withinMs: caughtUpWithinMs });
  }
  await sleep(1_000);
  return records.at(-1) ?? 0;
}

/** Everything that a record has an effect on, as counts and checksums. */
interface Effects {
  readonly claims: number;
  readonly outcomes: number;
  readonly facts: number;
  readonly reversals: number;
  readonly parked: number;
  readonly checksum: string;
  readonly acquirerLines: number;
}

async function effectsOf({ database, stack }: Lab): Promise<Effects> {
  const lines = stack().acquirers.map(({ book }) => readFileSync(book, 'latin1').split('\n').length - 1);
  return { ...(await database.effects()), acquirerLines: lines.reduce((sum, count) => sum + count, 0) };
}

const differencesOf = (before: Effects, after: Effects): string[] =>
  (Object.keys(before) as (keyof Effects)[])
    .filter((name) => before[name] !== after[name])
    .map((name) => `${name} were ${before[name]} and are ${after[name]}`);
