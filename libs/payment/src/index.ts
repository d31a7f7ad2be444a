export * from './check-request.ts';
export * from './payment-status.ts';
export * from './requested-operation.ts';
export * from './status-machine.ts';
