export type { CycleFact } from './cycle-facts.ts';
export { readCycleRecord, type CyclePosition, type CycleRecord, type CycleState } from './cycle-record.ts';
export { netDifferences, type SettlementFileRecord } from './file-record.ts';
export { acquirerLayout, providerLayout, type FileLayout } from './file-layout.ts';
export { firstDifference, type FirstDifference } from './first-difference.ts';
export { verifyCycle, type CycleVerification, type FileVerdict } from './verify-cycle.ts';
export { writeCycleFiles, type WriteCycleFilesOptions } from './write-cycle-files.ts';
