export type { BenchResult } from './figures/bench-result.ts';
export { percentilesOf, type Percentiles } from './figures/percentiles.ts';
