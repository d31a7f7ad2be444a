import { verifyCycle, type CycleVerification } from '@fourway/settlement-files';
import { withDatabase } from './close-cycle.ts';

export interface VerifyCycleFilesOptions {
  readonly postgresUrl: string;
  readonly cycleId: string;
  /** The folder of the settlement files. */
  readonly folder: string;
  readonly restore?: boolean;
}

/**
 * Makes the files of a cycle again from the ledger and compares every byte.
 * @throws SwitchError `not_found` for a cycle that is not there or has no files yet
 */
export const verifyCycleFiles = ({ postgresUrl, ...options }: VerifyCycleFilesOptions): Promise<CycleVerification> =>
  withDatabase(postgresUrl, (database) => verifyCycle({ database, ...options }));
