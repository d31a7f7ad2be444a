export * from './description.ts';
export * from './leftovers.ts';
export * from './services.ts';
export * from './start-engines.ts';
export * from './start-stack.ts';
export { nodeArguments } from './supervisor/service-process.ts';
export type { ReplicaRestart } from './supervisor/restart-services.ts';
export { StackError } from './processes/errors.ts';
