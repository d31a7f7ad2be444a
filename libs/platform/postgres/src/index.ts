export * from './array-literal.ts';
export * from './database.ts';
export * from './migrate.ts';
export * from './transient.ts';
