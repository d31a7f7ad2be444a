import { areOrdersComplete, brokersOf, grouped, playOrders, type OrdersReport } from '@fourway/cli';
import { defined, sleep } from '@fourway/kernel';
import { httpOrders, RandomSequence, type HttpOrder } from '@fourway/world';
import type { Lab } from '../lab/lab.ts';
import { waitFor } from '../lab/wait-until.ts';
import type { Damage, Fault } from './fault.ts';
import { paymentsOnly } from './kill-once.ts';

const stream = 41;
const endless = 10_000_000;
const ordersPerSecond = 20;
const victims = ['qr-payment', 'front-door', 'partner-platform', 'risk-scoring', 'acquirer-routing', 'settlement'];
/** Each service is killed so often, in a seeded order. */
const rounds = 2;
const readyWithinMs = 90_000;

/** Orders over HTTP while every service is killed, the doors included; clients repeat what nobody answered, under the same key. */
export const killsOverHttp: Fault = {
  name: 'kills-over-http',
  promise:
    'every order that was acknowledged over HTTP reaches an outcome, once, whichever service is killed; books agree',
  mix: paymentsOnly,
  inflict: async (lab): Promise<Damage> => {
    const random = new RandomSequence(lab.options.seed, stream);
    const orders = new OrderLoad(lab);
    const kills: { readonly victim: string; readonly underWay: number; readonly seconds: number }[] = [];
    await sleep(3_000);
    for (const victim of shuffled(Array.from({ length: rounds }, () => victims).flat(), random)) {
      kills.push(await killOne(lab, victim, orders));
      await sleep(random.below(2_000));
    }
    const report = await orders.finish();
    return {
      bit: () => kills.filter(({ underWay }) => underWay > 0).length,
      mustBite: kills.length,
      recoverySeconds: () => Math.max(...kills.map(({ seconds }) => seconds)),
      seen: () =>
        `${kills.length} kills of ${victims.length} services, all with orders under way; ${grouped(report.orders)} orders, ` +
        `${grouped(report.payments.approved)} approved, ${grouped(report.requestsRepeated)} requests repeated, ready again after at most ` +
        `${Math.max(...kills.map(({ seconds }) => seconds))} s`,
      problems: () => Promise.resolve(problemsOfOrders(report)),
    };
  },
};

class OrderLoad {
  underWay = 0;
  readonly #played: Promise<OrdersReport>;
  #isNeeded = true;

  constructor({ stack, world, options: { seed } }: Lab) {
    const { url, apiMasterKey } = stack();
    this.#played = playOrders({
      ...{ url: defined(url ?? undefined, 'the front door'), apiMasterKey, brokers: brokersOf(stack()), seed },
      // Orders of an earlier run on the same stack have other numbers.
      orders: this.#until(httpOrders(world, { orders: endless, seed, run: `k${Date.now().toString(36)}` })),
      ratePerSecond: ordersPerSecond,
      repeatForMs: 60_000,
      onProgress: (_ended, underWay) => {
        this.underWay = underWay;
      },
    });
    // Awaited by finish; until then a failure must not end the process.
    this.#played.catch(() => undefined);
  }

  finish(): Promise<OrdersReport> {
    this.#isNeeded = false;
    return this.#played;
  }

  *#until(orders: Iterable<HttpOrder>): Generator<HttpOrder> {
    for (const order of orders) {
      if (!this.#isNeeded) return;
      yield order;
    }
  }
}

async function killOne(
  lab: Lab,
  victim: string,
  orders: OrderLoad,
): Promise<{ victim: string; underWay: number; seconds: number }> {
  const readyPid = (): number | undefined => {
    const replica = lab.stack().services[victim]?.replicas[0];
    return replica?.state === 'ready' ? (replica.pid ?? undefined) : undefined;
  };
  const wanted = { what: `${victim} ready`, withinMs: readyWithinMs };
  const pid = await waitFor(readyPid, wanted);
  await waitFor(() => (orders.underWay > 0 ? true : undefined), { what: 'orders under way', withinMs: readyWithinMs });
  const { underWay } = orders;
  const killedMs = performance.now();
  process.kill(pid, 'SIGKILL');
  console.log(`  · killed ${victim} (pid ${pid}) with ${underWay} orders under way`);
  await waitFor(() => [readyPid()].find((next) => next !== undefined && next !== pid), wanted);
  return { victim, underWay, seconds: Math.round((performance.now() - killedMs) / 10) / 100 };
}

function problemsOfOrders(report: OrdersReport): string[] {
  if (areOrdersComplete(report)) return [];
  const { surprises, payments } = report;
  return [
    `${grouped(surprises.count)} orders ended otherwise than they should, ${grouped(payments.pending)} without an outcome, ` +
      `first ${JSON.stringify(surprises.first[0] ?? {})}`,
  ];
}

/** Fisher and Yates. */
function shuffled<T>(items: readonly T[], random: RandomSequence): T[] {
  const shuffling = [...items];
  for (let last = shuffling.length - 1; last > 0; last -= 1) {
    const other = random.below(last + 1);
    const held = defined(shuffling[last], 'item');
    shuffling[last] = defined(shuffling[other], 'item');
    shuffling[other] = held;
  }
  return shuffling;
}
