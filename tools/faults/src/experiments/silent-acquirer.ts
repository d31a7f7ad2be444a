import { defined, sleep } from '@fourway/kernel';
import { topics } from '@fourway/contracts';
import { CommitWatch } from '../lab/commit-watch.ts';
import type { Lab } from '../lab/lab.ts';
import type { Load } from '../lab/load.ts';
import { waitFor, waitUntil } from '../lab/wait-until.ts';
import { acquirerVictim } from '../victims/victim.ts';
import type { Damage, Fault } from './fault.ts';
import { paymentsOnly } from './kill-once.ts';

const warmUpMs = 8_000;
const baselineMs = 20_000;
const silentMs = 60_000;
const afterMs = 10_000;
const reversedWithinMs = 120_000;
/** What p99 at the others may be, of what it was just before. */
const mostRatio = 2;
/** Parked after a second, looked for four times a second, committed once a second at the latest: beyond this an offset is held. */
const mostHeldMs = 5_000;
/** A payment sent into the silence is given up, and reversed, by then at the latest. */
const longestAnswerMs = 6_000;

/** One acquirer stands still with its connections open: nothing is answered, nothing even read. */
export const silentAcquirer: Fault = {
  name: 'silent-acquirer',
  promise:
    'an acquirer that is silent for 60 s costs only its own payments: p99 at the others at most twice what it was, ' +
    'no offset held, every silent payment reversed and acknowledged once it is back',
  mix: paymentsOnly,
  payments: 20_000,
  inflict,
};

interface Phases {
  readonly baselineMs: number;
  readonly silentMs: number;
  readonly backMs: number;
}

async function inflict(lab: Lab, load: Load): Promise<Damage> {
  const [silent] = lab.stack().acquirers;
  const { id } = defined(silent, 'an acquirer');
  const watch = new CommitWatch(lab, { groupId: 'acquirer-routing', topic: topics.scored.name });
  try {
    await waitUntil(() => load.sent > 0, { what: 'the load under way', withinMs: 60_000 });
    await sleep(warmUpMs);
    const startMs = Date.now();
    await sleep(baselineMs);
    const pid = await waitFor(() => acquirerVictim(id).pid(lab.stack()), { what: `acquirer ${id}`, withinMs: 30_000 });
    const stoppedMs = Date.now();
    process.kill(pid, 'SIGSTOP');
    console.log(`  · acquirer ${id} (pid ${pid}) is silent`);
    await sleep(silentMs);
    const backMs = Date.now();
    process.kill(pid, 'SIGCONT');
    const none = { what: `reversals at ${id} acknowledged`, withinMs: reversedWithinMs };
    await waitUntil(async () => (await lab.database.pendingReversals()) === 0, none).catch(() => undefined);
    const reversedMs = Date.now();
    await sleep(afterMs);
    return await damageOf(lab, { id, watch, reversedMs, phases: { baselineMs: startMs, silentMs: stoppedMs, backMs } });
  } finally {
    await watch.stop();
  }
}

interface Silence {
  readonly id: string;
  readonly watch: CommitWatch;
  readonly phases: Phases;
  readonly reversedMs: number;
}

async function damageOf(lab: Lab, { id, watch, phases, reversedMs }: Silence): Promise<Damage> {
  const { timeline, database } = lab;
  const others = (fromMs: number, toMs: number): Latency =>
    latencyOf(timeline.latencies(fromMs, toMs, (acquirerId) => acquirerId !== '' && acquirerId !== id));
  const before = others(phases.baselineMs, phases.silentMs);
  const during = others(phases.silentMs, phases.backMs);
  const ratio = Math.round((during.p99 / before.p99) * 100) / 100;
  const heldMs = watch.longestMs(phases.silentMs, phases.backMs);
  // Payments go on: a reversal that was made only now, of one of theirs, is not the silence's.
  const silence = { fromMs: phases.silentMs, toMs: phases.backMs + longestAnswerMs };
  const reversed = await database.reversalsOf(id, silence);
  const recoverySeconds = Math.round((reversedMs - phases.backMs) / 10) / 100;
  return {
    bit: () => reversed.all,
    mustBite: 1,
    recoverySeconds: () => recoverySeconds,
    figures: () => ({ rate: before.perSecond, before, during, ratio, heldMs, reversed }),
    seen: () =>
      `${before.perSecond}/s and p99 ${before.p99} ms at the others before, ${during.perSecond}/s and p99 ${during.p99} ms while ${id} was silent ` +
      `(ratio ${ratio}); oldest uncommitted record ${heldMs} ms; ${reversed.all} payments reversed, ${reversed.pending} not acknowledged ` +
      `${recoverySeconds} s after it was back`,
    problems: () =>
      Promise.resolve([
        ...(ratio > mostRatio ? [`p99 at the other acquirers became ${ratio} times what it was`] : []),
        ...(heldMs > mostHeldMs ? [`an offset was held for ${heldMs} ms`] : []),
        ...(reversed.pending > 0 ? [`${reversed.pending} reversals were not acknowledged`] : []),
      ]),
  };
}

interface Latency {
  readonly perSecond: number;
  /** Milliseconds, from the request in its topic to the outcome in its topic. */
  readonly p50: number;
  readonly p99: number;
}

function latencyOf({ seconds, values }: { readonly seconds: number; readonly values: readonly number[] }): Latency {
  const sorted = values.toSorted((a, b) => a - b);
  const quantile = (q: number): number => sorted[Math.floor(q * (sorted.length - 1))] ?? 0;
  return { perSecond: Math.round(sorted.length / seconds), p50: quantile(0.5), p99: quantile(0.99) };
}
