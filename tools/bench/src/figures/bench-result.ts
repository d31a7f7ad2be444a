import type { Percentiles } from './percentiles.ts';

/** One budget's figure (design §9). */
export interface BenchResult {
  readonly value: number;
  readonly unit: string;
  /** In `unit`; null where it hangs on a rival that did not run. */
  readonly target: number | null;
  /** Null where it cannot be told without the rival. */
  readonly met: boolean | null;
  /** Ours to the rival's. */
  readonly ratio?: number;
  readonly rival?: number;
  readonly detail: object;
}

/** Of the yardstick's rate (B1). */
export const leastRateRatio = 0.75;
/** Of the yardstick's latency, at p50 and at p99 (B3). */
export const mostLatencyRatio = 1.3;

export function throughputResult(perSecond: number, rival: number | null, detail: object): BenchResult {
  const unit = 'payments/s';
  if (rival === null) return { value: perSecond, unit, target: null, met: null, detail };
  const ratio = ratioOf(perSecond, rival);
  const target = Math.round(rival * leastRateRatio);
  return { value: perSecond, unit, target, met: perSecond >= target, ratio, rival, detail };
}

export function latencyResult(ours: Percentiles, rival: Percentiles | null, detail: object): BenchResult {
  const value = ours.p99;
  const unit = 'ms, p99 from due to outcome read';
  if (rival === null) return { value, unit, target: null, met: null, detail: { ...detail, latencyMs: ours } };
  const ratios = {
    ...{ p50: ratioOf(ours.p50, rival.p50), p90: ratioOf(ours.p90, rival.p90) },
    ...{ p99: ratioOf(ours.p99, rival.p99), p999: ratioOf(ours.p999, rival.p999) },
  };
  return {
    ...{ value, unit, target: Math.round(rival.p99 * mostLatencyRatio * 10) / 10 },
    met: ratios.p50 <= mostLatencyRatio && ratios.p99 <= mostLatencyRatio,
    ...{ ratio: ratios.p99, rival: rival.p99 },
    detail: { ...detail, latencyMs: ours, ratios },
  };
}

/** To three digits. */
export const ratioOf = (ours: number, rival: number): number => Math.round((ours / rival) * 1_000) / 1_000;
