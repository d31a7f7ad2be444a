export * from './path-groups.ts';
export * from './directory.ts';
export * from './cycle.ts';
export * from './operation.ts';
export * from './outcome.ts';
export * from './refusal.ts';
export * from './scored.ts';
export * from './topics.ts';
export { schemaVersion } from './wire-codec.ts';
