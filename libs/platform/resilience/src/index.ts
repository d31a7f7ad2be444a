export * from './link-breaker.ts';
export * from './retry-while.ts';
export * from './periodic.ts';
