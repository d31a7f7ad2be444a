import { spawn } from 'node:child_process';
import { StackError } from './errors.ts';

export interface RunOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly user?: SystemUser;
}

export interface SystemUser {
  readonly uid: number;
  readonly gid: number;
}

/** Runs a short-lived command to its end and returns its standard output. Throws with the end of what it printed. */
export function run(command: string, args: readonly string[], options: RunOptions = {}): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: options.cwd,
      env: options.env ?? process.env,
      ...options.user,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let out = '';
    let both = '';
    child.stdout.on('data', (chunk: Buffer) => {
      out += chunk.toString();
      both += chunk.toString();
    });
    child.stderr.on('data', (chunk: Buffer) => (both += chunk.toString()));
    child.once('error', (error) => reject(new StackError(`${command}: ${error.message}`)));
    child.once('close', (code, signal) => {
      if (code === 0) resolve(out);
      else
        reject(
          new StackError(
            `${command} ${args[0] ?? ''} ended with ${signal ?? code}:\n${both.trim().split('\n').slice(-15).join('\n')}`,
          ),
        );
    });
  });
}

/** The first line a command prints, or undefined when it is not installed or does not run. */
export async function probe(
  command: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<string | undefined> {
  try {
    return (await run(command, args, options)).split('\n')[0] ?? '';
  } catch {
    return undefined;
  }
}
