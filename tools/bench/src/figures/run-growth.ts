import { defined } from '@fourway/kernel';
import type { RunSample, StageCount } from '../sampling/run-sample.ts';

/** How a run's cost and holdings moved with its work (B2). Arrays have one entry a tenth of the ledger's rows. */
export interface RunGrowth {
  /** Microseconds of CPU a payment, by process; `total` sums them. */
  readonly cpuMicrosByTenth: Readonly<Record<string, readonly number[]>>;
  /** MiB at the end of each tenth, by process. */
  readonly memoryMiBByTenth: Readonly<Record<string, readonly number[]>>;
  readonly postgresMiBByTenth: readonly number[];
  readonly writeAheadLogMiBByTenth: readonly number[];
  readonly redisMiBByTenth: readonly number[];
  /** Records that wait before each stage. */
  readonly lagByTenth: Readonly<Record<'risk-scoring' | 'acquirer-routing' | 'settlement', readonly number[]>>;
}

const tenths = Array.from({ length: 10 }, (_, i) => i + 1);
const mebibyte = 1_048_576;

/** Samples in order of time; the first is the start, the last has all `payments` in the ledger, some maybe more than once. */
export function growthOf(samples: readonly RunSample[], payments: number): RunGrowth {
  const rows = samples.at(-1)?.posted ?? 0;
  const at = (tenth: number, read: (sample: RunSample) => number): number =>
    valueAt(samples, (rows * tenth) / 10, read);
  const ends = (read: (sample: RunSample) => number): number[] => tenths.map((tenth) => Math.round(at(tenth, read)));
  const mebibytes = (read: (sample: RunSample) => number): number[] => ends((sample) => read(sample) / mebibyte);
  const names = Object.keys(samples[0]?.cpuMicros ?? {});
  const cpuOf = (read: (sample: RunSample) => number): number[] =>
    tenths.map((tenth) => Math.round(((at(tenth, read) - at(tenth - 1, read)) / payments) * 100) / 10);
  const cpu = names.map((name) => [name, cpuOf(({ cpuMicros }) => cpuMicros[name] ?? 0)] as const);
  const total = cpuOf(({ cpuMicros }) => Object.values(cpuMicros).reduce((sum, micros) => sum + micros, 0));
  return {
    cpuMicrosByTenth: { ...Object.fromEntries(cpu), total },
    memoryMiBByTenth: Object.fromEntries(names.map((name) => [name, mebibytes((s) => s.memoryBytes[name] ?? 0)])),
    postgresMiBByTenth: mebibytes(({ postgresBytes }) => postgresBytes),
    writeAheadLogMiBByTenth: mebibytes(({ writeAheadLogBytes }) => writeAheadLogBytes),
    redisMiBByTenth: mebibytes(({ redisBytes }) => redisBytes),
    lagByTenth: {
      'risk-scoring': ends(({ requested, scored, refused }) => requested - scored - refused),
      'acquirer-routing': ends(({ scored, decided }) => scored - decided),
      settlement: ends(({ decided, posted }) => decided - posted),
    },
  };
}

/** A figure at the moment the ledger had so many rows, taken to move evenly between two samples. */
function valueAt(samples: readonly RunSample[], posted: number, read: (sample: RunSample) => number): number {
  const next = samples.findIndex((sample) => sample.posted >= posted);
  if (next <= 0) return read(defined(samples.at(next === 0 ? 0 : -1), 'a sample'));
  const [before, after] = [defined(samples[next - 1], 'a sample'), defined(samples[next], 'a sample')];
  const part = (posted - before.posted) / (after.posted - before.posted);
  return read(before) + (read(after) - read(before)) * part;
}

/** A stage's rate over a run. */
export interface RatePoint {
  /** Since the first sample. */
  readonly seconds: number;
  readonly perSecond: number;
}

/** Rates between samples; of each at least `windowSeconds` long, so that batches do not show as noise. */
export function ratesOverTime(
  samples: readonly (Pick<RunSample, 'atMs'> & Partial<Readonly<Record<StageCount, number>>>)[],
  stage: StageCount,
  windowSeconds: number,
): RatePoint[] {
  const points: RatePoint[] = [];
  const [first] = samples;
  if (first === undefined) return points;
  let from = first;
  for (const sample of samples) {
    const ms = sample.atMs - from.atMs;
    if (ms < windowSeconds * 1_000) continue;
    const perSecond = Math.round((((sample[stage] ?? 0) - (from[stage] ?? 0)) / ms) * 1_000);
    points.push({ seconds: (from.atMs + sample.atMs) / 2_000 - first.atMs / 1_000, perSecond });
    from = sample;
  }
  return points;
}
