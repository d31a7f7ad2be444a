import type { Latency } from '../flood/latency.ts';

/** What the flood and the crowd did. */
export interface FloodFigures {
  /** Sales a second that the flooder may send, that it did send in all, and over how many seconds. */
  readonly quota: number;
  readonly sent: number;
  readonly seconds: number;
  readonly refused: number;
  /** Of the others' sales, before and during the flood. */
  readonly calm: Latency;
  readonly flooded: Latency;
  readonly refunds: { readonly calm: Latency; readonly flooded: Latency; readonly crowded: Latency };
  readonly shedAfterMs: number;
  readonly crowdSent: number;
  readonly shed: number;
  readonly recoverySeconds: number;
  /** Refused ones that were sent again and decided. */
  readonly decidedAgain: number;
  /** By `<upstream> <code>`. */
  readonly refusals: Readonly<Record<string, number>>;
}

/** What p99 of the others may be, of what it was; below this many milliseconds more it is the machine's own noise. */
const mostRatio = 2;
const noiseMs = 50;
/** What is let through beyond the quota: the spread over partitions, and a window at each end of the flood. */
const mostOverQuota = 1.6;

/** What is not as promised. */
export function floodProblems(figures: FloodFigures): string[] {
  const { quota, sent, seconds, refused, calm, flooded, refunds, shedAfterMs, shed, decidedAgain, refusals } = figures;
  const letThrough = sent - refused;
  const quiet = Object.entries(refusals).filter(
    ([name]) => !/^(flooder|crowd) /.test(name) && name !== 'steady overloaded',
  );
  return [
    ...said(letThrough > quota * seconds * mostOverQuota, `${letThrough} sales passed a quota of ${quota * seconds}`),
    ...said(letThrough < quota * seconds, `only ${letThrough} sales passed of a quota of ${quota * seconds}`),
    ...said(isWorse(flooded, calm), `p99 of the others went from ${calm.p99} to ${flooded.p99} ms`),
    ...said(
      isWorse(refunds.flooded, refunds.calm),
      `refunds went from ${refunds.calm.p99} to ${refunds.flooded.p99} ms`,
    ),
    ...said(refunds.crowded.count === 0, 'no refund was sent in the crowd: nothing is shown by that'),
    ...said(refunds.crowded.p99 > 2 * shedAfterMs, `refunds took ${refunds.crowded.p99} ms in the crowd`),
    ...said(shed === 0, 'the switch was never overloaded: nothing is shown by that'),
    ...said(decidedAgain === 0, 'nothing that was refused was sent again: nothing is shown by that'),
    ...quiet.map(([name, count]) => `${count} of ${name} refused`),
  ];
}

const isWorse = (now: Latency, before: Latency): boolean =>
  now.p99 > Math.max(before.p99 * mostRatio, before.p99 + noiseMs);

const said = (isSo: boolean, problem: string): string[] => (isSo ? [problem] : []);
