import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { SwitchError } from '@fourway/kernel';
import type { UpstreamBookRequest } from './write-upstream-book.ts';

/** Compiled: a plain Node process runs it, whatever this one was started with. */
const program = fileURLToPath(new URL('../../dist/books/upstream-book.js', import.meta.url));

/**
 * Has a separate process read the outcomes topic and write upstream's book.
 * @throws SwitchError `engine_unavailable` when that process fails
 */
export async function forkUpstreamBook(request: UpstreamBookRequest): Promise<void> {
  const child = fork(program, [JSON.stringify(request)], { stdio: ['ignore', 'ignore', 'pipe', 'ipc'], execArgv: [] });
  let errors = '';
  child.stderr?.on('data', (text: Buffer) => (errors = (errors + text.toString()).slice(-2_000)));
  await once(child, 'close');
  if (child.exitCode !== 0)
    throw new SwitchError('engine_unavailable', `the reader of the outcomes topic failed: ${errors.trim()}`);
}
