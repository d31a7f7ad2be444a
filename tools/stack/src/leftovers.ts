import { ownerOf, sweep } from './ledger.ts';
import { stateFolder } from './state-folder.ts';

/** The pid of the living supervisor that holds a state folder, if any. */
export function ownerOfStack(stateDir?: string): number | undefined {
  return ownerOf(stateFolder(stateDir).ledger)?.pid;
}

/** Ends and removes what a killed supervisor left behind. Only for a folder without a living owner. */
export async function sweepStack(stateDir?: string): Promise<void> {
  await sweep(stateFolder(stateDir).ledger);
}
