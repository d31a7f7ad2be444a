import { existsSync } from 'node:fs';
import { ownerOf, sweep } from '../ledger.ts';
import { endProcess, identityOf } from '../processes/alive.ts';
import { StackError } from '../processes/errors.ts';
import { waitUntil } from '../processes/wait.ts';
import { stateFolder } from '../state-folder.ts';

// Services get 22 s to finish, engines 5 s.
const stoppedWithinMs = 40_000;
const sweptWithinMs = 15_000;

/** Stops the stack of a state folder; also what a killed supervisor left. False when there was nothing to stop. */
export async function down(stateDir: string | undefined): Promise<boolean> {
  const { ledger } = stateFolder(stateDir);
  if (!existsSync(ledger)) return false;
  const owner = ownerOf(ledger);
  if (owner !== undefined) await endProcess(owner, 'SIGTERM', stoppedWithinMs);
  await cleanedUp(stateDir, owner?.pid);
  return true;
}

/** Waits until a supervisor that has ended, and its guardian, have left nothing; lends a hand when that takes long. */
export async function cleanedUp(stateDir: string | undefined, supervisor: number | undefined): Promise<void> {
  const { ledger } = stateFolder(stateDir);
  const ended = await waitUntil(() => supervisor === undefined || identityOf(supervisor) === undefined, sweptWithinMs);
  if (!ended)
    throw new StackError(
      `The supervisor ${supervisor} does not end. Look at it, then end it by hand: kill -9 ${supervisor}`,
    );
  const gone = await waitUntil(() => !existsSync(ledger) || ownerOf(ledger) !== undefined, sweptWithinMs);
  if (!gone) await sweep(ledger);
}
