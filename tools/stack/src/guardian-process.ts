import { spawn } from 'node:child_process';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Ledger } from './ledger.ts';

export interface Guardian {
  /** There is nothing left to guard. */
  dismiss(): void;
}

const program = fileURLToPath(new URL(`./guardian${extname(import.meta.url)}`, import.meta.url));

/**
 * Starts the process that cleans up when this one ends without doing so: killed, crashed, or a test runner stopped by Ctrl-C.
 * It notices by the end of its input, which the system closes with us.
 */
export function startGuardian({ file, owner }: Ledger): Guardian {
  const child = spawn(process.execPath, [program, file, String(owner.pid), owner.born], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  child.on('error', () => undefined);
  child.stdin.on('error', () => undefined);
  child.unref();
  return { dismiss: () => child.stdin.destroy() };
}
