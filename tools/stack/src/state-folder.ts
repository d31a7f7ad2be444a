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
  /** How a command reaches the supervisor. */
  readonly control: string;
  readonly logs: string;
  readonly books: string;
  /** What settlement writes for acquirers and providers. */
  readonly files: string;
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
    control: join(path, 'run', 'control.json'),
    logs: join(path, 'logs'),
    books: join(path, 'books'),
    files: join(path, 'files'),
    data: join(path, 'data'),
  };
}

/** Engines taken from the package registries; shared by all stacks of the checkout. */
export const enginesFolder = join(repositoryRoot, '.fourway', 'engines');
