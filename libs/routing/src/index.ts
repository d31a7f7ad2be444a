export * from './acquirer-reference.ts';
export * from './choose-acquirer.ts';
export * from './decide-authorization.ts';
export * from './decide-outcome.ts';
export * from './merchant-profile.ts';
export * from './token-ranges.ts';
