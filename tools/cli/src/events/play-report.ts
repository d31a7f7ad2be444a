import type { MissingAnswer, PlayCounts, PlayTally, Surprise } from './play-tally.ts';

export interface PlayReport {
  readonly payments: PlayCounts;
  /** Records set aside in a dead-letter topic; no part of `sent`. */
  readonly deadLettered: number;
  /** What has no answer: how many operations, how many answers in all, and the first hundred of these. */
  readonly undecided: {
    readonly operations: number;
    readonly answers: number;
    readonly missing: readonly MissingAnswer[];
  };
  readonly latencyMs: { readonly p50: number; readonly p99: number; readonly p999: number };
  readonly paymentsPerSecond: number;
  readonly durationSeconds: number;
  readonly byAcquirer: Readonly<Record<string, object>>;
  readonly byScenario: Readonly<Record<string, object>>;
  readonly byStimulus: Readonly<Record<string, object>>;
  readonly byOperation: Readonly<Record<string, object>>;
  /** Answers other than the traffic was made to get. */
  readonly surprises: { readonly count: number; readonly first: readonly Surprise[] };
}

interface PlayTimes {
  readonly startedMs: number;
  readonly lastOutcomeMs: number;
  readonly sentItems: number;
}

const shownIds = 100;

export function reportOf(tally: PlayTally, { startedMs, lastOutcomeMs }: PlayTimes): PlayReport {
  const seconds = Math.max(0.001, (lastOutcomeMs - startedMs) / 1_000);
  const { latency } = tally;
  return {
    payments: tally.counts,
    deadLettered: tally.deadLettered,
    undecided: {
      ...{ operations: tally.openOperations, answers: tally.openAnswers },
      missing: tally.missing.slice(0, shownIds),
    },
    latencyMs: { p50: latency.quantile(0.5), p99: latency.quantile(0.99), p999: latency.quantile(0.999) },
    paymentsPerSecond: Math.round(tally.outcomes / seconds),
    durationSeconds: Math.round(seconds * 10) / 10,
    byAcquirer: sorted(tally.byAcquirer),
    byScenario: sorted(tally.byScenario),
    byStimulus: sorted(tally.byStimulus),
    byOperation: sorted(tally.byOperation),
    surprises: { count: tally.surpriseCount, first: tally.surprises },
  };
}

const sorted = (groups: ReadonlyMap<string, object>): Record<string, object> =>
  Object.fromEntries([...groups].sort(([a], [b]) => (a < b ? -1 : 1)));

/** True when everything that was sent has the answer it was made to get. */
export const isComplete = ({ undecided, surprises }: PlayReport): boolean =>
  undecided.answers === 0 && surprises.count === 0;
