export * from './card-limits.ts';
export * from './decide-risk.ts';
