export * from './link-breaker.ts';
export * from './retry-while.ts';
export * from './periodic.ts';
export * from './batch-stage.ts';
export * from './batched-calls.ts';
