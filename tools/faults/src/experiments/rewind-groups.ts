import { readFileSync } from 'node:fs';
import { brokersOf, grouped } from '@fourway/cli';
import { topics } from '@fourway/contracts';
import { committedOffsets, endOffsets, groupSize, rewindGroup } from '@fourway/platform-stream';
import type { Lab } from '../lab/lab.ts';
import { waitFor, waitUntil } from '../lab/wait-until.ts';
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
  const stages = await caughtUp(lab);
  const seconds = Math.max(...stages.map((stage) => stage.seconds));
  const records = stages.reduce((sum, stage) => sum + stage.records, 0);
  // An operation on a payment that waits for another one may be parked meanwhile; the queue has to be as empty as before.
  await waitUntil(async () => (await lab.database.effects()).parked <= before.parked, {
    what: 'the parked queue as it was',
    withinMs: emptyWithinMs,
  });
  const after = await effectsOf(lab);
  return {
    bit: () => records,
    mustBite: lab.options.payments,
    recoverySeconds: () => seconds,
    figures: () => ({ stages, recordsPerSecond: Math.round(records / seconds), effects: after }),
    seen: () =>
      `${grouped(records)} records read again in ${seconds} s: ${stages.map(told).join(', ')}; ` +
      `${grouped(after.outcomes)} outcomes, ${grouped(after.facts)} facts, ${grouped(after.acquirerLines)} lines of acquirers as before`,
    problems: () => Promise.resolve(differencesOf(before, after)),
  };
}

interface Stage {
  readonly groupId: string;
  readonly records: number;
  /** From the start of all of them: a stage also waits for what the one before it produces again. */
  readonly seconds: number;
}

const told = ({ groupId, records, seconds }: Stage): string =>
  `${groupId} ${grouped(records)} at ${grouped(Math.round(records / seconds))}/s`;

/** Waits until every group has read all there is, what the rewinding itself produced included. */
async function caughtUp({ stack }: Lab): Promise<Stage[]> {
  const connection = { brokers: brokersOf(stack()), clientId: 'fourway-faults' };
  const startedMs = Date.now();
  const stages: Stage[] = [];
  for (const { groupId, topic } of groups) {
    const recordsRead = async (): Promise<number | undefined> => {
      const [ends, committed] = await Promise.all([
        endOffsets({ ...connection, topic }),
        committedOffsets({ ...connection, groupId, topic }),
      ]);
      const reached = new Map(committed.map(({ partition, offset }) => [partition, offset]));
      const isThere = ends.every(({ partition, offset }) => (reached.get(partition) ?? 0n) >= offset);
      return isThere ? ends.reduce((sum, { offset }) => sum + Number(offset), 0) : undefined;
    };
    const records = await waitFor(recordsRead, { what: `group ${groupId} at the end`, withinMs: caughtUpWithinMs });
    stages.push({ groupId, records, seconds: Math.round((Date.now() - startedMs) / 10) / 100 });
  }
  return stages;
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
