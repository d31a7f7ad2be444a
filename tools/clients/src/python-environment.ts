import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

export const clientFolder = fileURLToPath(new URL('../python/', import.meta.url));
const defaultFolder = fileURLToPath(new URL('../../../.fourway/python-client/', import.meta.url));
const run = promisify(execFile);
const installWithinMs = 300_000;

/** A Python that has what the client imports; or why there is none. */
export type PythonEnvironment =
  { readonly kind: 'ready'; readonly python: string } | { readonly kind: 'missing'; readonly reason: string };

/**
 * Makes the client's own virtual environment, or finds the one made before from the same requirements. Packages come from wherever the
 * machine's pip takes them.
 * @param folder where it is kept; default a git-ignored folder of the checkout
 */
export async function preparePython(folder: string = defaultFolder): Promise<PythonEnvironment> {
  const requirements = join(clientFolder, 'requirements.txt');
  const wanted = createHash('sha256').update(readFileSync(requirements)).digest('hex');
  const venv = join(folder, 'venv');
  const python = join(venv, 'bin', 'python');
  // Written last: an environment that was cut short is made again.
  const stamp = join(folder, 'requirements.sha256');
  if (existsSync(python) && existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted)
    return { kind: 'ready', python };
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const steps = [
    { what: 'python3 with the module venv', command: ['python3', '-m', 'venv', venv] },
    {
      what: 'the packages of requirements.txt',
      command: [python, '-m', 'pip', 'install', '--quiet', '--requirement', requirements],
    },
  ];
  for (const { what, command } of steps) {
    const failure = await failureOf(command);
    if (failure !== null) return { kind: 'missing', reason: `${what} cannot be had: ${failure}` };
  }
  writeFileSync(stamp, wanted);
  return { kind: 'ready', python };
}

/** The last line of what a command had to say when it failed; null where it did not. */
async function failureOf([file = '', ...args]: readonly string[]): Promise<string | null> {
  try {
    await run(file, args, { timeout: installWithinMs });
    return null;
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    return said.trim().split('\n').at(-1) ?? said;
  }
}
