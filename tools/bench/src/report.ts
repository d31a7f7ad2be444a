import { commit, machine } from '@fourway/day';
import type { BenchArguments } from './arguments.ts';
import { latencyResult, throughputResult, type BenchResult } from './figures/bench-result.ts';
import type { EngineSettings } from './rig/engine-settings.ts';
import type { RivalFigures, StreamFigures } from './stream-bench.ts';

export interface BenchReport {
  readonly commit: string;
  readonly machine: object;
  readonly options: BenchArguments;
  readonly engines: EngineSettings;
  readonly results: Readonly<Record<string, BenchResult>>;
  readonly cpuMicrosPerPayment: Readonly<Record<string, number>>;
  readonly books: StreamFigures['books'];
}

/** `bench.json`: the fields of design §9, and what helps to explain them. */
export function benchReport(figures: StreamFigures, options: BenchArguments, engines: EngineSettings): BenchReport {
  const { throughput, latency, rival, books } = figures;
  const { perSecond, cpuMicrosPerPayment, ...rates } = throughput;
  const about = { rate: options.rate, seconds: options.seconds, sent: latency.sent, measured: latency.measured };
  return {
    ...{ commit: commit(), machine: machine(), options, engines },
    results: {
      B1: throughputResult(perSecond, rival?.throughput.paymentsPerSecond ?? null, {
        ...rates,
        ...(rival && { rival: rival.throughput, ...restOf(rival) }),
      }),
      B3: latencyResult(latency.latencyMs, rival?.latency.latencyMs ?? null, {
        ...about,
        ...(rival && { rival: rival.latency, ...restOf(rival) }),
      }),
    },
    ...{ cpuMicrosPerPayment, books },
  };
}

const restOf = ({ productAtRest, strangeEngines, withoutRedis }: RivalFigures): object => ({
  ...{ productAtRest, strangeEngines, withoutRedis },
});
