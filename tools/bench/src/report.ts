import { commit, machine } from '@fourway/day';
import type { BenchArguments } from './arguments.ts';
import { latencyResult, throughputResult, type BenchResult } from './figures/bench-result.ts';
import { growthResult, storageResult } from './figures/growth-result.ts';
import type { EngineSettings } from './rig/engine-settings.ts';
import type { ProductLatency, RivalCaveats, StreamFigures } from './stream-figures.ts';

export interface BenchReport {
  readonly commit: string;
  readonly machine: object;
  readonly options: BenchArguments;
  readonly engines: EngineSettings;
  readonly results: Readonly<Record<string, BenchResult>>;
  readonly cpuMicrosPerPayment: Readonly<Record<string, number>>;
  /** Of the throughput run; `pacedBooks` those compared after the paced run, which hold both. */
  readonly books: StreamFigures['throughput']['books'];
  readonly pacedBooks: StreamFigures['throughput']['books'];
  /** Parts that an interrupted run had measured before. */
  readonly resumed: readonly string[];
}

/** `bench.json`: the fields of design §9, and what helps to explain them. */
export function benchReport(figures: StreamFigures, options: BenchArguments, engines: EngineSettings): BenchReport {
  const { throughput, latency, rival, resumed } = figures;
  return {
    ...{ commit: commit(), machine: machine(), options, engines },
    results: { ...throughputResults(figures), B3: pacedResult(latency, rival?.latency ?? null, options) },
    cpuMicrosPerPayment: throughput.figures.cpuMicrosPerPayment,
    ...{ books: throughput.books, pacedBooks: latency.books, resumed },
  };
}

function throughputResults({ throughput, rival }: StreamFigures): Record<'B1' | 'B2' | 'B5', BenchResult> {
  const { perSecond, cpuMicrosPerPayment, growth, ...rates } = throughput.figures;
  const { perSecondByTenth, postgresBytesPerPayment, postgresBytesByTable } = rates;
  const cost = { perSecondByTenth, cpuMicrosTotal: cpuMicrosPerPayment['total'] ?? NaN, baseline: throughput.baseline };
  return {
    B1: throughputResult(perSecond, rival?.throughput.figures.paymentsPerSecond ?? null, {
      ...rates,
      ...(rival && {
        rival: rival.throughput.figures,
        rivalCurve: rival.throughput.curve,
        ...restOf(rival.throughput),
      }),
    }),
    B2: growthResult(cost, growth),
    B5: storageResult(
      { postgresBytesPerPayment, ...throughput.directory },
      {
        ...{ postgresBytesByTable, directory: throughput.directory },
        ...(rival && { rivalBytesPerPayment: rival.throughput.figures.postgresBytesPerPayment }),
      },
    ),
  };
}

function pacedResult(
  { figures, rowsBefore }: ProductLatency,
  rival: NonNullable<StreamFigures['rival']>['latency'] | null,
  { rate, seconds }: BenchArguments,
): BenchResult {
  const about = { rate, seconds, sent: figures.sent, measured: figures.measured, rowsBefore };
  return latencyResult(figures.latencyMs, rival?.figures.latencyMs ?? null, {
    ...about,
    ...(rival && { rival: rival.figures, ...restOf(rival) }),
  });
}

const restOf = ({ productAtRest, strangeEngines, withoutRedis }: RivalCaveats): object => ({
  ...{ productAtRest, strangeEngines, withoutRedis },
});
