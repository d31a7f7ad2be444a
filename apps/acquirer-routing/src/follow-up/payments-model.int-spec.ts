import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { defined } from '@fourway/kernel';
import { testEngines } from '@fourway/testing';
import { OutcomeTape } from '../testing/outcome-tape.ts';
import { RoutingFleet } from '../testing/routing-fleet.ts';
import { faultsOf } from './payments-model/judge-payment.ts';
import { assemble } from './payments-model/disturb.ts';
import type { PaymentHistory } from './payments-model/history.ts';
import { play } from './payments-model/play-scenario.ts';
import { scenarios, type Scenario } from './payments-model/scenario.ts';
import { tell } from './payments-model/tell-history.ts';

// FOURWAY_SEED runs a seed again, FOURWAY_PATH one of its scenarios; what overtakes what is up to the machine. FOURWAY_RUNS plays longer.
const seed = Number(process.env['FOURWAY_SEED'] ?? Date.now() % 1_000_000_007);
const path = process.env['FOURWAY_PATH'];
const defaultRuns = 5;
const numRuns = Number(process.env['FOURWAY_RUNS'] ?? defaultRuns);
const isLong = process.env['FOURWAY_RUNS'] !== undefined;
const mostPayments = 30;
const mostMoreStories = 15;
/** What a scenario may take at worst, and what is spent on making a failing one smaller. */
const scenarioMs = 240_000;
const shrinkingMs = 150_000;

let fleet: RoutingFleet;
let tape: OutcomeTape;
/** fast-check leaves a scenario behind that its time limit interrupts. */
let playing: Promise<PaymentHistory[]> = Promise.resolve([]);
beforeAll(async () => {
  fleet = await RoutingFleet.create({
    FOURWAY_ANSWER_TIMEOUT_MS: '1500',
    FOURWAY_PARK_AFTER_MS: '100',
    FOURWAY_EARLY_FOR_MS: '3000',
  });
  tape = new OutcomeTape(testEngines().kafka);
  await tape.start();
  await assemble(fleet);
}, 300_000);
afterAll(async () => {
  await playing.catch(() => undefined);
  await tape.stop();
  await fleet.stop();
});

/** What a default run has to come across, or it shows less than it says. */
const endings = [
  ...[
    'sale approved',
    'authorize approved',
    'capture approved',
    'capture declined',
    'refund approved',
    'refund declined',
  ],
  ...['refund expired', 'void approved', 'void declined', 'reversal approved', 'reversal declined'],
];
const seen = new Set<string>();
let played = 0;

/** Plays a scenario and tells the stories that the rules do not allow; empty where all is well. */
async function wrongStoriesOf(scenario: Scenario): Promise<string> {
  const startedAtMs = Date.now();
  playing = play(fleet, tape, scenario);
  const histories = await playing;
  for (const { decided } of histories) for (const { kind, status } of decided) seen.add(`${kind} ${status}`);
  played += 1;
  const blows = scenario.disturbances.map(({ blow }) => blow).join(' and ');
  const records = histories.reduce((sum, { arrivals }) => sum + arrivals.length, 0);
  report(
    `${played}: ${scenario.weather}, ${blows}: ${histories.length} payments, ${records} records, ${Date.now() - startedAtMs} ms`,
  );
  const judged = histories.map((history) => ({ history, faults: faultsOf(history) }));
  return judged.flatMap(({ history, faults }) => (faults.length === 0 ? [] : [tell(history, faults)])).join('\n\n');
}

/** Whoever plays for long, or waits minutes until a failure is made smaller, can read meanwhile. */
const report = (line: string): void => {
  if (isLong) process.stderr.write(`${line}\n`);
};

describe('G1, G3, G5 over replicas that are killed, stopped, joined and put to sleep', () => {
  it(
    `whatever comes in whatever order, every payment's story is one that the rules allow (seed ${seed})`,
    async () => {
      const property = fc.asyncProperty(scenarios(mostPayments), async (scenario) => {
        const wrong = await wrongStoriesOf(scenario).catch((error: unknown) => String(error));
        if (wrong === '') return;
        report(`seed ${seed}\n${wrong}`);
        throw new Error(wrong);
      });
      await fc.assert(property, {
        ...{ seed, numRuns, interruptAfterTimeLimit: numRuns * 15_000 + shrinkingMs, markInterruptAsFailure: false },
        ...(path === undefined ? {} : { path }),
      });
    },
    numRuns * scenarioMs + shrinkingMs,
  );

  const itOfMany = numRuns >= defaultRuns && path === undefined ? it : it.skip;
  itOfMany(
    'and the stories tell of every ending',
    async () => {
      // What the first stories did not come to, more of them do.
      const isMissing = (): boolean => endings.some((ending) => !seen.has(ending));
      for (let more = 1; isMissing() && more <= mostMoreStories; more++) {
        const [scenario] = fc.sample(scenarios(mostPayments), { seed: seed + more, numRuns: 1 });
        expect(await wrongStoriesOf(defined(scenario, 'scenario'))).toBe('');
      }
      expect([...seen]).toEqual(expect.arrayContaining(endings));
    },
    mostMoreStories * scenarioMs,
  );
});
