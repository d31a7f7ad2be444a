export * from './array-literal.ts';
export * from './binary-array.ts';
export * from './database.ts';
export * from './migrate.ts';
export * from './optimistic-insert.ts';
export * from './transient.ts';
