export * from './check-follow-up.ts';
export * from './check-request.ts';
export * from './operation-kinds.ts';
export * from './payment-life.ts';
export * from './payment-totals.ts';
export * from './requested-operation.ts';
export * from './status-machine.ts';
