import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { sleep } from './wait.ts';

/** A process that survives the number's reuse: the pid together with the moment the system gave it out. */
export interface ProcessIdentity {
  readonly pid: number;
  readonly born: string;
}

/** How a process is asked to end. */
export type StopSignal = 'SIGTERM' | 'SIGQUIT' | 'SIGKILL';

/** Undefined when no such process runs; a zombie does not run. */
export function identityOf(pid: number): ProcessIdentity | undefined {
  const born = process.platform === 'linux' ? bornFromProc(pid) : bornFromPs(pid);
  return born === undefined ? undefined : { pid, born };
}

export function isAlive(identity: ProcessIdentity): boolean {
  return identityOf(identity.pid)?.born === identity.born;
}

/** Sends `signal`, waits, then SIGKILL to the whole group. Returns when the process is gone. */
export async function endProcess(identity: ProcessIdentity, signal: NodeJS.Signals, graceMs: number): Promise<void> {
  if (!isAlive(identity)) return;
  send(identity.pid, signal);
  if (await goneWithin(identity, graceMs)) return;
  send(-identity.pid, 'SIGKILL');
  send(identity.pid, 'SIGKILL');
  await goneWithin(identity, 5_000);
}

async function goneWithin(identity: ProcessIdentity, graceMs: number): Promise<boolean> {
  const until = Date.now() + graceMs;
  while (isAlive(identity)) {
    if (Date.now() > until) return false;
    await sleep(20);
  }
  return true;
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // Already gone: what we wanted.
  }
}

function bornFromProc(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The command name may hold spaces and brackets, so count from its last bracket: state is first, start time 20th.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' ? undefined : fields[19];
  } catch {
    return undefined;
  }
}

function bornFromPs(pid: number): string | undefined {
  try {
    const [state, ...born] = execFileSync('ps', ['-o', 'state=,lstart=', '-p', String(pid)], { encoding: 'utf8' })
      .trim()
      .split(/\s+/);
    return state === undefined || state.startsWith('Z') ? undefined : born.join(' ');
  } catch {
    return undefined;
  }
}
