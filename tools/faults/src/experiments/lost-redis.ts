import { brokersOf, grouped } from '@fourway/cli';
import { defined, sleep } from '@fourway/kernel';
import { HotData, type KeyScript } from '@fourway/platform-hot-data';
import { defaultCardLimits } from '@fourway/risk';
import type { Lab } from '../lab/lab.ts';
import type { Load } from '../lab/load.ts';
import { waitUntil } from '../lab/wait-until.ts';
import { readDecisions, type Decision } from '../limits/decisions.ts';
import { beyondLimits } from '../limits/recount.ts';
import { WindowWatch } from '../limits/watch-windows.ts';
import type { Damage, Fault } from './fault.ts';
import { paymentsOnly } from './kill-once.ts';

const phaseMs = 15_000;
const awayMs = 30_000;
const wholeWithinMs = 90_000;
/** A decision reaches the topic, and the watch asks, this much later; milliseconds. */
const slackMs = 1_500;
/** Payments a second with Redis away, of those with it: declines are answers. */
const leastRate = 0.5;

/** So few cards that most reach their limit: one that forgot what was counted would approve what must not be. */
const busyCards = { mix: paymentsOnly, payments: 5_000, cards: 500, alone: true };
const holds =
  'no recorded decline becomes an approval, no card passes its limit, limit_unavailable only while counters are missing';

export const redisFlushall: Fault = {
  ...{ name: 'redis-flushall', promise: `windows are rebuilt while payments go on; ${holds}`, ...busyCards },
  inflict: (lab, load) => loseRedis(lab, load, flushAll),
};

export const redisAway: Fault = {
  ...{ name: 'redis-away', promise: `Redis hangs for 30 s, then dies: payments are answered meanwhile; ${holds}` },
  ...busyCards,
  inflict: (lab, load) => loseRedis(lab, load, hangAndKill),
};

const flush: KeyScript = { name: 'labFlush', lua: `return redis.call('FLUSHALL')` };

async function flushAll({ stack }: Lab): Promise<void> {
  const hotData = new HotData({ url: stack().redis, clientName: 'fourway-faults' });
  hotData.connect();
  await waitUntil(() => hotData.isReady, { what: 'Redis', withinMs: 5_000 });
  await hotData.runOnKeys(flush, [['any']]);
  await hotData.close();
}

async function hangAndKill({ stack }: Lab): Promise<void> {
  const pid = defined(stack().engines.redis.pid, 'the process of Redis');
  process.kill(pid, 'SIGSTOP');
  await sleep(awayMs);
  process.kill(pid, 'SIGKILL');
}

/** Milliseconds since the Unix epoch. */
interface Phases {
  readonly startedMs: number;
  readonly lostMs: number;
  readonly wholeMs: number;
  readonly endedMs: number;
}

async function loseRedis(lab: Lab, load: Load, lose: (lab: Lab) => Promise<void>): Promise<Damage> {
  const watch = new WindowWatch(lab);
  try {
    await waitUntil(() => load.sent > 0, { what: 'the load under way', withinMs: 60_000 });
    const startedMs = Date.now();
    await sleep(phaseMs);
    const lostMs = Date.now();
    await lose(lab);
    const damagedMs = Date.now();
    // The loss has to be noticed before its end can be.
    await sleep(slackMs);
    await waitUntil(() => watch.isWholeSince(damagedMs), { what: 'card windows', withinMs: wholeWithinMs });
    const wholeMs = Math.max(watch.lost?.toMs ?? 0, damagedMs);
    await sleep(phaseMs);
    return await damageOf(lab, watch, { startedMs, lostMs, wholeMs, endedMs: Date.now() });
  } finally {
    await watch.stop();
  }
}

async function damageOf(lab: Lab, watch: WindowWatch, phases: Phases): Promise<Damage> {
  const { lostMs, wholeMs } = phases;
  const recoverySeconds = Math.round((wholeMs - lostMs) / 10) / 100;
  const rates = ratesOf(lab, phases);
  const decisions = await readDecisions(brokersOf(lab.stack()), phases.startedMs - phaseMs);
  const unavailable = decisions.filter(({ reasons }) => reasons.includes('limit_unavailable'));
  const limited = decisions.filter(({ reasons }) => reasons.some((reason) => /^card_.*_exceeded$/.test(reason)));
  return {
    bit: () => unavailable.length,
    mustBite: 1,
    recoverySeconds: () => recoverySeconds,
    seen: () =>
      `${rates.before}/s before, ${rates.during}/s during ${recoverySeconds} s, ${rates.after}/s after; of ${grouped(decisions.length)} decisions ` +
      `${grouped(unavailable.length)} limit_unavailable, ${grouped(limited.length)} over a limit`,
    figures: () => ({
      rates,
      decisions: decisions.length,
      limitUnavailable: unavailable.length,
      overLimit: limited.length,
    }),
    problems: async () => [
      ...problemsOf(await readDecisions(brokersOf(lab.stack()), phases.startedMs - phaseMs)),
      ...strayOf(unavailable, { fromMs: watch.lost?.fromMs ?? lostMs, toMs: wholeMs }),
      ...(limited.length > 0 ? [] : ['no card reached its limit: nothing is shown by that']),
      ...(rates.during < rates.before * leastRate ? [`only ${rates.during} payments a second were answered`] : []),
    ],
  };
}

/** Outcomes a second. */
function ratesOf(
  { timeline }: Lab,
  { startedMs, lostMs, wholeMs, endedMs }: Phases,
): Record<'before' | 'during' | 'after', number> {
  const rate = (fromMs: number, toMs: number): number =>
    Math.round((timeline.decidedBetween(fromMs, toMs) * 1_000) / Math.max(1, toMs - fromMs));
  return { before: rate(startedMs, lostMs), during: rate(lostMs, wholeMs), after: rate(wholeMs, endedMs - slackMs) };
}

function problemsOf(decisions: readonly Decision[]): string[] {
  const approved = decisions.filter(({ statuses }) => statuses.has('approved'));
  const turned = approved.filter(({ verdict, statuses }) => verdict === 'decline' || statuses.size > 1);
  const beyond = beyondLimits(approved, defaultCardLimits);
  return [
    ...(turned.length === 0
      ? []
      : [`${turned.length} recorded declines became approvals, first ${turned[0]?.operationId ?? ''}`]),
    ...(beyond.length === 0
      ? []
      : [`${beyond.length} approvals passed a limit, first ${beyond[0]?.operationId ?? ''}`]),
  ];
}

function strayOf(unavailable: readonly Decision[], { fromMs, toMs }: { fromMs: number; toMs: number }): string[] {
  const stray = unavailable.filter(({ scoredAtMs }) => scoredAtMs < fromMs - slackMs || scoredAtMs > toMs + slackMs);
  return stray.length === 0 ? [] : [`${stray.length} payments were limit_unavailable while the counters were there`];
}
