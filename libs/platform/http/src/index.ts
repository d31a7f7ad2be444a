export * from './operations.ts';
export * from './service.ts';
export * from './service-config.ts';
