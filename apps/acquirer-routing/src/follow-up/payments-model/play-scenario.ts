import { topics } from '@fourway/contracts';
import { sleep } from '@fourway/kernel';
import { committedOffsets, endOffsets } from '@fourway/platform-stream';
import { eventually, testEngines } from '@fourway/testing';
import type { OutcomeTape } from '../../testing/outcome-tape.ts';
import { fleetParties, type RoutingFleet } from '../../testing/routing-fleet.ts';
import { scoredRecord } from '../../testing/routing-rig.ts';
import { arrivalsOf, declinedEnding, type PlannedPayment } from './arrivals.ts';
import { assemble, deal } from './disturb.ts';
import type { Arrival, PaymentHistory } from './history.ts';
import { historiesOf } from './observe.ts';
import { weathers, type Scenario } from './scenario.ts';

const wavePauseMs = 60;
/**
 * A blow may cost a session (10 s) and a claim's time (6 s) before anything moves again, and each of a payment's operations may wait out an
 * acquirer. Only a failing run, or a machine that is busy with something else, takes so long.
 */
const settleWithinMs = 180_000;
const connection = { brokers: [testEngines().kafka], clientId: 'payments-model' };

/** Plays a scenario to its end and gathers what became of each payment. */
export async function play(fleet: RoutingFleet, tape: OutcomeTape, scenario: Scenario): Promise<PaymentHistory[]> {
  tape.rewind();
  await assemble(fleet);
  await fleet.simulator.behave({ ...goodWeather, ...weathers[scenario.weather] });
  const payments = scenario.payments.map((plan) => arrivalsOf(plan, fleetParties));
  // One blow after the other, whatever the waves do meanwhile.
  let blows = Promise.resolve();
  const lastWave = Math.max(...payments.flatMap(({ arrivals }) => arrivals.map(({ wave }) => wave)), 0);
  for (let wave = 0; wave <= lastWave; wave += 1) {
    for (const { blow, wave: at } of scenario.disturbances)
      if (at === wave) blows = blows.then(() => deal(fleet, blow, wave));
    await send(
      fleet,
      payments.flatMap(({ arrivals }) => arrivals.filter((each) => each.wave === wave)),
    );
    await sleep(wavePauseMs);
  }
  await blows;
  await settled(fleet, payments);
  await tape.caughtUp();
  return historiesOf(payments, fleet, tape);
}

const goodWeather = {
  ...{
    latencyMs: 0,
    lateRate: 0,
    silentRate: 0,
    garbageRate: 0,
    wrongAmountRate: 0,
    duplicateRate: 0,
    technicalRate: 0,
  },
  amountRules: [{ endsWith: declinedEnding, responseCode: '05' }],
};

async function send({ producer }: RoutingFleet, arrivals: readonly Arrival[]): Promise<void> {
  if (arrivals.length === 0) return;
  const messages = arrivals.map(({ request, isDenied, isStray }) => ({
    key: request.rootId,
    value: scoredRecord(request, isDenied ? { verdict: 'decline', reasons: ['card_denied'] } : {}).value,
    ...(isStray ? { partition: Number.parseInt(request.rootId.slice(-2), 16) % topics.scored.partitions } : {}),
  }));
  await producer.send(topics.scored.name, messages);
}

/** Everything decided, nothing parked, no offset held back, every reversal acknowledged. */
async function settled({ database }: RoutingFleet, payments: readonly PlannedPayment[]): Promise<void> {
  const ids = [...new Set(payments.flatMap(({ arrivals }) => arrivals.map(({ request }) => request.operationId)))];
  const count = async (text: string): Promise<number> => {
    const [row] = await database.query({ name: '', text, values: [ids] });
    return Number(row?.[0]);
  };
  await eventually(
    async () => {
      // Backing off is for acquirers that are away; here it would only be waited for.
      await database.query({
        name: '',
        text: `update reversal set due_at = now() where state = 'pending'`,
        values: [],
      });
      const open = {
        undecided: ids.length - (await count('select count(*) from outcome where operation_id = any($1::uuid[])')),
        parked: await count('select count(*) from parked where operation_id = any($1::uuid[])'),
        unreversed: await count(
          `select count(*) from reversal where operation_id = any($1::uuid[]) and state = 'pending'`,
        ),
        uncommitted: await uncommitted(),
      };
      if (Object.values(open).some((left) => left > 0)) throw new Error(`not settled: ${JSON.stringify(open)}`);
    },
    { withinMs: settleWithinMs, everyMs: 250 },
  );
}

async function uncommitted(): Promise<number> {
  const topic = topics.scored.name;
  const ends = await endOffsets({ ...connection, topic });
  const committed = await committedOffsets({ ...connection, topic, groupId: 'acquirer-routing' });
  const done = new Map(committed.map(({ partition, offset }) => [partition, offset]));
  return ends.reduce((left, { partition, offset }) => left + Number(offset - (done.get(partition) ?? 0n)), 0);
}
