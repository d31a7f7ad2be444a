import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The checkout this code belongs to. */
export const repositoryRoot = fileURLToPath(new URL('../../../', import.meta.url));

/** Where one stack keeps everything it writes. Two stacks run side by side when their folders differ. */
export interface StateFolder {
  readonly path: string;
  readonly description: string;
  readonly ledger: string;
  readonly supervisorLog: string;
  readonly logs: string;
  readonly books: string;
  readonly data: string;
}

export function stateFolder(folder: string = join(repositoryRoot, '.fourway')): StateFolder {
  // Engines change their working directory, so what they are told must not depend on it.
  const path = resolve(folder);
  return {
    path,
    description: join(path, 'stack.json'),
    ledger: join(path, 'run', 'ledger.json'),
    supervisorLog: join(path, 'run', 'supervisor.log'),
    logs: join(path, 'logs'),
    books: join(path, 'books'),
    data: join(path, 'data'),
  };
}

/** Engines taken from the package registries; shared by all stacks of the checkout. */
export const enginesFolder = join(repositoryRoot, '.fourway', 'engines');
