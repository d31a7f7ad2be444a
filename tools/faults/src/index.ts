export type { FaultResult } from './experiments/fault.ts';
export { faults } from './experiments/fault-list.ts';
