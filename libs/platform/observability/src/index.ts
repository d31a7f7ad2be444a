export * from './logger.ts';
export * from './metrics.ts';
export type { Counter, Gauge, Histogram } from 'prom-client';
