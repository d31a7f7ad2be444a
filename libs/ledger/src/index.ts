export * from './account.ts';
export * from './fee-terms.ts';
export * from './postings.ts';
export * from './share-by-parts.ts';
export * from './split-fees.ts';
export * from './return-fees.ts';
