export * from './api-key.ts';
export * from './canonical-request.ts';
export * from './sign-request.ts';
export * from './verify-request.ts';
