export * from './eventually.ts';
export * from './fresh-database.ts';
export * from './fresh-redis.ts';
export * from './fresh-topic-prefix.ts';
export * from './test-engines.ts';
