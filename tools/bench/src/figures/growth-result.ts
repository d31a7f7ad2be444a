import { grouped } from '@fourway/cli';
import type { Baseline } from '../stream-figures.ts';
import { ratioOf, type BenchResult } from './bench-result.ts';

/** The eighth tenth's rate to the third's (B2). */
export const leastTenthRatio = 0.9;
/** A day's CPU per payment to that of a million (B2). */
export const mostCostRatio = 1.15;

export interface GrowthFigures {
  readonly perSecondByTenth: readonly number[];
  /** Microseconds a payment over all processes. */
  readonly cpuMicrosTotal: number;
  readonly baseline: Baseline | null;
}

/** B2: cost does not grow with the work. Without a baseline it can be missed, not met. */
export function growthResult(
  { perSecondByTenth, cpuMicrosTotal, baseline }: GrowthFigures,
  detail: object,
): BenchResult {
  const value = ratioOf(perSecondByTenth[7] ?? NaN, perSecondByTenth[2] ?? NaN);
  const isFlat = value >= leastTenthRatio;
  const costRatio = baseline === null ? null : ratioOf(cpuMicrosTotal, baseline.cpuMicrosPerPayment['total'] ?? NaN);
  const met = costRatio === null ? (isFlat ? null : false) : isFlat && costRatio <= mostCostRatio;
  return {
    ...{ value, unit: 'rate of the eighth tenth to the third', target: leastTenthRatio, met },
    detail: { ...detail, cpuCostRatio: costRatio, cpuCostTarget: mostCostRatio, cpuMicrosTotal, baseline },
  };
}

/** B5's bounds: bytes of Postgres a payment; MiB of Redis for six million merchants, and seconds to copy them anew. */
const mostBytesPerPayment = 700;
const mostRedisMiB = 1_024;
const mostRebuildSeconds = 120;
const redisMerchants = 6_000_000;
/** Below, the hashes that merchants lie in (ADR 0026) are nearly empty, and take most of the room: 200,000 merchants would be scaled to 1,320 MiB, six million take 807. */
const leastMerchants = 1_000_000;

export interface StorageFigures {
  readonly postgresBytesPerPayment: number;
  readonly merchants: number;
  readonly redisMiB: number;
  readonly rebuildSeconds: number;
}

/** B5, as far as a stream run shows it. What merchants take is scaled to six million, from at least a million. */
export function storageResult(figures: StorageFigures, detail: object): BenchResult {
  const { postgresBytesPerPayment: value, merchants, redisMiB, rebuildSeconds } = figures;
  const scaled = (of: number): number | null =>
    merchants < leastMerchants ? null : Math.round((of * redisMerchants) / merchants);
  const ofSixMillion = { redisMiB: scaled(redisMiB), rebuildSeconds: scaled(rebuildSeconds) };
  const isSmall =
    (ofSixMillion.redisMiB ?? 0) <= mostRedisMiB && (ofSixMillion.rebuildSeconds ?? 0) <= mostRebuildSeconds;
  return {
    ...{ value, unit: 'bytes of Postgres a payment', target: mostBytesPerPayment },
    met: value <= mostBytesPerPayment && isSmall,
    detail: {
      ...{ ...detail, ofSixMillion, targets: { redisMiB: mostRedisMiB, rebuildSeconds: mostRebuildSeconds } },
      measuredAt: `${grouped(merchants)} merchants`,
    },
  };
}
