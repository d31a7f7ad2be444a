import {
  brokersOf,
  grouped,
  paymentStory,
  storyTable,
  verdictOf,
  type BooksReport,
  type PlayReport,
} from '@fourway/cli';
import { awaitReady } from '../lab/stack-state.ts';
import { slowAcquirers } from '../lab/acquirer-pace.ts';
import type { Lab } from '../lab/lab.ts';
import { Load } from '../lab/load.ts';
import { compareStackBooks } from '../lab/settled-books.ts';
import { waitUntil } from '../lab/wait-until.ts';
import type { Damage, Fault, FaultResult } from './fault.ts';
import { problemsOf } from './judge.ts';

/** One fault from a quiet stack to a quiet stack, and the audit after it. Never throws: what went wrong is in the result. */
export async function runFault(lab: Lab, fault: Fault, seed: number): Promise<FaultResult> {
  const { name, promise } = fault;
  console.log(`\n${name}: ${promise}`);
  try {
    return await experiment(lab, fault, seed);
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    console.log(`  FAIL: ${problem}`);
    return {
      ...{ name, promise, seen: problem, recoverySeconds: null, bit: 0, pass: false, problems: [problem] },
      ...{
        operations: lab.timeline.count,
        longestUndecidedSeconds: longestUndecidedSeconds(lab),
        outcomes: {},
        played: null,
        books: null,
      },
    };
  }
}

async function experiment(lab: Lab, fault: Fault, seed: number): Promise<FaultResult> {
  await awaitReady(lab.stack);
  await slowAcquirers(lab.stack());
  const startedMs = Date.now();
  lab.timeline.startAt(startedMs);
  const { damage, played } = await (fault.when === 'afterwards' ? afterLoad : underLoad)(lab, fault, seed);
  await awaitReady(lab.stack);
  await settle(lab);
  const books = await compareStackBooks(lab.stack());
  return resultOf(lab, { fault, damage, played, books, outcomes: await lab.database.outcomesSince(startedMs) });
}

interface Experienced {
  readonly damage: Damage;
  readonly played: PlayReport;
}

function loadOf(lab: Lab, { mix, ...fault }: Fault, seed: number): Load {
  const payments = Math.min(lab.options.payments, fault.payments ?? Infinity);
  return new Load(lab, { mix, seed, payments, cards: fault.cards ?? payments * 2 });
}

async function afterLoad(lab: Lab, fault: Fault, seed: number): Promise<Experienced> {
  const load = loadOf(lab, fault, seed);
  load.release();
  const played = await load.finished;
  await settle(lab);
  return { damage: await fault.inflict(lab, load), played };
}

async function underLoad(lab: Lab, fault: Fault, seed: number): Promise<Experienced> {
  const load = loadOf(lab, fault, seed);
  try {
    // A load that fails ends the experiment; without one nothing would be there to be hit.
    const damage = await Promise.race([fault.inflict(lab, load), load.finished.then(() => endedEarly())]);
    load.release();
    return { damage, played: await load.finished };
  } finally {
    load.release();
    await load.finished.catch(() => undefined);
  }
}

function endedEarly(): never {
  throw new Error('broken invariant: the load ended while it was needed');
}

interface Ended {
  readonly fault: Fault;
  readonly damage: Damage;
  readonly played: PlayReport;
  readonly books: BooksReport;
  readonly outcomes: FaultResult['outcomes'];
}

async function resultOf(lab: Lab, { fault, damage, played, books, outcomes }: Ended): Promise<FaultResult> {
  const recoverySeconds = damage.recoverySeconds();
  const bit = damage.bit(played);
  const longest = longestUndecidedSeconds(lab);
  const evidence = {
    ...{ played, books, recoverySeconds, bit, mustBite: damage.mustBite },
    longestUndecidedSeconds: longest,
  };
  const problems = [...problemsOf(evidence), ...((await damage.problems?.(played)) ?? [])];
  const seen = [
    damage.seen(played),
    `${grouped(played.payments.sent)} requests, longest undecided ${longest} s`,
    verdictOf(books),
    ...problems.map((problem) => `NOT as promised: ${problem}`),
  ].join('; ');
  console.log(`  ${problems.length === 0 ? 'pass' : 'FAIL'}: ${seen}`);
  await tellMissing(lab, played);
  return {
    ...{ name: fault.name, promise: fault.promise, seen, recoverySeconds, bit, pass: problems.length === 0, problems },
    ...{ operations: lab.timeline.count, longestUndecidedSeconds: longest, outcomes, played, books },
    ...(damage.figures === undefined ? {} : { figures: damage.figures() }),
  };
}

const toldStories = 3;

/** What every topic, table and book knows of the operations without an answer: the stack is gone when somebody asks. */
async function tellMissing(lab: Lab, { undecided: { missing } }: PlayReport): Promise<void> {
  const stack = lab.stack();
  for (const { operationId, waitsFor } of missing.slice(0, toldStories)) {
    const story = await paymentStory(operationId, {
      ...{ brokers: brokersOf(stack), postgresUrl: stack.postgres },
      acquirerBooks: stack.acquirers.map((acquirer) => ({ acquirerId: acquirer.id, path: acquirer.book })),
    });
    console.log(`\n${operationId} waits for: ${waitsFor}\n${storyTable(story)}`);
  }
}

const settledWithinMs = 60_000;
const reversedWithinMs = 30_000;

/** Waits until the ledger has posted all outcomes there are, and for reversals if they come soon: they have a day. */
async function settle({ timeline, database }: Lab): Promise<void> {
  await waitUntil(
    async () => {
      const posted = await database.postedOffsets();
      return [...timeline.outcomeOffsets].every(([partition, end]) => (posted.get(partition) ?? 0n) >= end);
    },
    { what: 'the ledger behind the outcomes', withinMs: settledWithinMs },
  );
  const quick = { what: 'reversals acknowledged', withinMs: reversedWithinMs };
  await waitUntil(async () => (await database.pendingReversals()) === 0, quick).catch(() => undefined);
}

const longestUndecidedSeconds = ({ timeline }: Lab): number => Math.round(timeline.longestUndecidedMs() / 10) / 100;
