import type { BooksReport } from '@fourway/cli';
import type { RatePoint } from './figures/run-growth.ts';
import type { PacedFigures } from './latency/paced-run.ts';
import type { StageWaits } from './latency/stage-waits.ts';
import type { ThroughputFigures } from './throughput/measure-throughput.ts';
import type { YardstickLatency, YardstickThroughput } from './yardstick/yardstick.ts';

/** What a run of a million costs, which the day is held against (B2). */
export interface Baseline {
  readonly payments: number;
  readonly cpuMicrosPerPayment: Readonly<Record<string, number>>;
  readonly perSecond: number;
  /** Where it was measured: just before the day, or a report of an earlier run. */
  readonly from: string;
}

export interface ProductThroughput {
  readonly figures: ThroughputFigures;
  readonly baseline: Baseline | null;
  readonly directory: DirectoryFigures;
  readonly books: BooksReport;
}

/** What it takes to make the world known to the services (B5). */
export interface DirectoryFigures {
  readonly merchants: number;
  readonly seconds: number;
  /** Of the hot copies, all services but risk-scoring running. */
  readonly rebuildSeconds: number;
  readonly redisMiB: number;
  readonly postgresMiB: number;
}

export interface ProductLatency {
  readonly figures: PacedFigures;
  /** Of the measured half. */
  readonly waits: StageWaits;
  readonly books: BooksReport;
  /** Payments in the tables before; a resumed run begins with empty ones. */
  readonly rowsBefore: number;
}

/** What spoils the rival's figures. */
export interface RivalCaveats {
  /** What the product's services did meanwhile. */
  readonly productAtRest: 'stopped' | 'idle';
  /** Engines of others on the machine: the rival's CPU figure takes them for its own. */
  readonly strangeEngines: number;
  /** True where the rival's CPU figures lack Redis, which it did not recognise. */
  readonly withoutRedis: boolean;
}

export interface RivalThroughputPart extends RivalCaveats {
  readonly figures: YardstickThroughput;
  /** Outcomes a second, since its first sample. */
  readonly curve: readonly RatePoint[];
}

export interface RivalLatencyPart extends RivalCaveats {
  readonly figures: YardstickLatency;
}

/** B1, B2, B3 and B5's raw figures. */
export interface StreamFigures {
  readonly throughput: ProductThroughput;
  readonly latency: ProductLatency;
  readonly rival: { readonly throughput: RivalThroughputPart; readonly latency: RivalLatencyPart } | null;
  /** Parts that were not measured in this process. */
  readonly resumed: readonly string[];
}
