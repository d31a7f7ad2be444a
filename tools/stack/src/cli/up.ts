import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname, extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { StackError } from '../processes/errors.ts';
import { stateFolder } from '../state-folder.ts';
import { daemonMessage, type DaemonRequest } from './daemon-protocol.ts';
import { cleanedUp } from './down.ts';

const daemon = fileURLToPath(new URL(`./daemon${extname(import.meta.url)}`, import.meta.url));

/**
 * Starts the supervisor, which stays, and returns when the stack is ready.
 * @throws StackError with what went wrong; then nothing is left running.
 */
export async function up(request: DaemonRequest, print: (line: string) => void): Promise<void> {
  const { supervisorLog } = stateFolder(request.stateDir);
  const child = spawnDaemon(request, supervisorLog);
  const interrupt = (): boolean => child.kill('SIGTERM');
  process.once('SIGINT', interrupt).once('SIGTERM', interrupt);
  const failure = await outcomeOf(child, print);
  process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
  if (failure === undefined) return;
  await cleanedUp(request.stateDir, child.pid);
  throw new StackError(failure);
}

function spawnDaemon(request: DaemonRequest, logFile: string): ChildProcess {
  mkdirSync(dirname(logFile), { recursive: true });
  const log = openSync(logFile, 'a');
  try {
    return spawn(process.execPath, ['--enable-source-maps', daemon, JSON.stringify(request)], {
      detached: true,
      stdio: ['ignore', log, log, 'ipc'],
    });
  } finally {
    closeSync(log);
  }
}

/** Undefined when the stack is ready, else why not. */
function outcomeOf(child: ChildProcess, print: (line: string) => void): Promise<string | undefined> {
  return new Promise((resolve) => {
    child.on('message', (raw) => {
      const message = daemonMessage.parse(raw);
      if (message.kind === 'progress') print(message.line);
      if (message.kind === 'failed') resolve(message.message);
      if (message.kind !== 'ready') return;
      child.disconnect();
      child.unref();
      resolve(undefined);
    });
    child.once('error', (error) => resolve(error.message));
    child.once('exit', (code, signal) =>
      resolve(`The supervisor ended (${signal ?? code}) before the stack was ready.`),
    );
  });
}
