export * from './description.ts';
export * from './leftovers.ts';
export * from './services.ts';
export * from './start-engines.ts';
export * from './start-stack.ts';
export { StackError } from './processes/errors.ts';
