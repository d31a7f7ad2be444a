import { grouped } from '@fourway/cli';
import { sleep } from '@fourway/kernel';
import { quotaWindowMs } from '@fourway/payment';
import { latencyOf, type Latency } from '../flood/latency.ts';
import { RefusalWatch } from '../flood/refusal-watch.ts';
import { Refunds } from '../flood/refunds.ts';
import { Upstream, type SentSale } from '../flood/upstream.ts';
import type { Lab } from '../lab/lab.ts';
import { waitUntil } from '../lab/wait-until.ts';
import type { Damage, Fault } from './fault.ts';
import { floodProblems, type FloodFigures } from './flood-problems.ts';
import { paymentsOnly } from './kill-once.ts';

/** Sales a second that the flooder has agreed on; it sends five times as many. */
const quota = 100;
const flood = 5;
const shedAfterMs = 3_000;
const steadyPerSecond = 200;
const refundsPerSecond = 20;
const phaseMs = 20_000;
/** The crowd goes on for this long once the switch has begun to shed, and gives up where it does not. */
const crowdMs = 15_000;
const mostCrowd = 1_500_000;
const sentAgain = 100;

/** One upstream sends five times its quota; then a crowd without any sends more than the switch can do. */
export const upstreamFlood: Fault = {
  name: 'upstream-flood',
  promise:
    'an upstream over its quota is refused the excess and costs nobody else anything; an overloaded switch refuses new sales and ' +
    'decides refunds within twice its bound; what was refused is decided when it is sent again',
  mix: paymentsOnly,
  payments: 2_000,
  alone: true,
  environment: {
    FOURWAY_UPSTREAM_QUOTAS: JSON.stringify({ flooder: quota }),
    FOURWAY_SHED_AFTER_MS: String(shedAfterMs),
  },
  when: 'afterwards',
  inflict,
};

async function inflict(lab: Lab): Promise<Damage> {
  const refusals = new RefusalWatch(lab);
  const [steady, flooder, crowd] = await Promise.all(
    ['steady', 'flooder', 'crowd'].map((upstreamId, at) => Upstream.open(lab, { upstreamId, seed: 700 + at })),
  );
  if (steady === undefined || flooder === undefined || crowd === undefined) throw new Error('unreachable');
  const scene: Scene = { lab, refusals, steady, flooder, crowd };
  try {
    return damageOf(await play(scene));
  } finally {
    await Promise.all([refusals.stop(), ...[steady, flooder, crowd].map((upstream) => upstream.close())]);
  }
}

interface Scene {
  readonly lab: Lab;
  readonly refusals: RefusalWatch;
  readonly steady: Upstream;
  readonly flooder: Upstream;
  readonly crowd: Upstream;
}

async function play(scene: Scene): Promise<FloodFigures> {
  const { lab, refusals, steady, flooder } = scene;
  const stock = await steady.sendPaced(steadyPerSecond, phaseMs);
  await decided(lab, stock);
  const refunds = await Refunds.open(lab, stock);
  try {
    const calm = await phase(scene, refunds, Promise.resolve([]));
    console.log(`  · calm: ${said(calm)}`);
    const flooded = await phase(scene, refunds, flooder.sendPaced(quota * flood, phaseMs));
    const quotaRefused = refusals.of('flooder', 'quota_exceeded');
    console.log(`  · flooded: ${said(flooded)}; ${quotaRefused.size} of ${flooded.disturbing.length} refused`);
    const again = flooded.disturbing.filter(({ operationId }) => quotaRefused.has(operationId)).slice(0, sentAgain);
    await sleep(quotaWindowMs);
    await flooder.send(again);
    await decided(lab, again);
    const crowded = await crowdPhase(scene, refunds);
    return {
      ...{ quota, sent: flooded.disturbing.length, seconds: phaseMs / 1_000, refused: quotaRefused.size },
      ...{ calm: calm.latency, flooded: flooded.latency, shedAfterMs, ...crowded },
      refunds: { calm: calm.refunds, flooded: flooded.refunds, crowded: crowded.refunds },
      refusals: refusals.counts,
      decidedAgain: again.length,
    };
  } finally {
    await refunds.close();
  }
}

interface Phase {
  /** Of the steady upstream's sales. */
  readonly latency: Latency;
  readonly refunds: Latency;
  readonly disturbing: readonly SentSale[];
}

/** Steady sales and refunds beside whatever disturbs them. */
async function phase({ lab, steady }: Scene, refunds: Refunds, disturbance: Promise<SentSale[]>): Promise<Phase> {
  const sending = steady.sendPaced(steadyPerSecond, phaseMs);
  const refunded = await refunds.during(sending, refundsPerSecond);
  const [sales, disturbing] = await Promise.all([sending, disturbance]);
  await decided(lab, sales);
  const latency = latencyOf(sales.map(({ operationId }) => timeOf(lab, operationId) ?? Infinity));
  return { latency, refunds: refunded, disturbing };
}

type Crowded = Pick<FloodFigures, 'crowdSent' | 'shed' | 'recoverySeconds'> & { readonly refunds: Latency };

async function crowdPhase({ lab, refusals, crowd, steady }: Scene, refunds: Refunds): Promise<Crowded> {
  let shedMs: number | undefined;
  const sending = crowd.sendAll((sent) => {
    if (refusals.of('crowd', 'overloaded').size > 0) shedMs ??= Date.now();
    return sent < mostCrowd && (shedMs === undefined || Date.now() < shedMs + crowdMs);
  });
  const refunded = await refunds.during(sending, refundsPerSecond);
  const crowdSent = await sending;
  const endedMs = Date.now();
  console.log(`  · crowd of ${crowdSent}: refunds p99 ${refunded.p99} ms`);
  await waitUntil(
    async () => {
      const [probe] = await steady.sendPaced(10, 150);
      await sleep(1_000);
      return probe !== undefined && timeOf(lab, probe.operationId) !== undefined;
    },
    { what: 'a sale decided after the crowd', withinMs: 60_000 },
  );
  const recoverySeconds = Math.round((Date.now() - endedMs) / 10) / 100;
  return { crowdSent, shed: refusals.of('crowd', 'overloaded').size, recoverySeconds, refunds: refunded };
}

const timeOf = ({ timeline }: Lab, operationId: string): number | undefined => {
  const { requestedMs, outcome } = timeline.flightOf(operationId) ?? {};
  return requestedMs === undefined || outcome === undefined ? undefined : outcome.atMs - requestedMs;
};

const decided = (lab: Lab, sales: readonly SentSale[]): Promise<void> =>
  waitUntil(() => sales.every(({ operationId }) => timeOf(lab, operationId) !== undefined), {
    what: 'all sales decided',
    withinMs: 30_000,
  });

const said = ({ latency, refunds }: Phase): string => `sales p99 ${latency.p99} ms, refunds p99 ${refunds.p99} ms`;

function damageOf(figures: FloodFigures): Damage {
  const { calm, flooded, sent, refused, crowdSent, shed, refunds, recoverySeconds } = figures;
  return {
    bit: () => refused + shed,
    mustBite: 1,
    recoverySeconds: () => recoverySeconds,
    figures: () => figures,
    seen: () =>
      `${grouped(refused)} of ${grouped(sent)} sales over a quota of ${quota}/s refused, p99 of the others ${calm.p99} ms before and ` +
      `${flooded.p99} ms meanwhile; of a crowd of ${grouped(crowdSent)} ${grouped(shed)} shed, refunds p99 ${refunds.calm.p99} ms before, ` +
      `${refunds.flooded.p99} ms under the flood, ${refunds.crowded.p99} ms in the crowd`,
    problems: () => Promise.resolve(floodProblems(figures)),
  };
}
