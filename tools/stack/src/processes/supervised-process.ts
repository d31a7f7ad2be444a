import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { endProcess, identityOf, type ProcessIdentity, type StopSignal } from './alive.ts';
import { StackError } from './errors.ts';
import type { SystemUser } from './run.ts';
import { sleep, waitUntil } from './wait.ts';

export interface ProcessSpec {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
  readonly user?: SystemUser;
  readonly logFile: string;
  readonly stopSignal: StopSignal;
  readonly stopGraceMs: number;
  readonly isReady: () => Promise<boolean>;
}

export type ProcessState = 'starting' | 'ready' | 'restarting' | 'stopped';

/** Told of every new pid before anything else happens, and of every change of state. */
export interface ProcessWatcher {
  spawned(process: SupervisedProcess, identity: ProcessIdentity): void;
  changed(process: SupervisedProcess): void;
}

const firstBackoffMs = 200;
const longestBackoffMs = 5_000;
const settledMs = 10_000;
const exitSeenWithinMs = 5_000;

/** Keeps one process running: whenever it ends it is started again, same arguments, after a growing pause. */
export class SupervisedProcess {
  readonly spec: ProcessSpec;
  readonly #watcher: ProcessWatcher;
  #identity: ProcessIdentity | undefined;
  #state: ProcessState = 'stopped';
  #restarts = 0;
  #lastExit: string | undefined;
  #isRestarting = false;
  #stopping = new AbortController();
  #running: Promise<void> | undefined;

  constructor(spec: ProcessSpec, watcher: ProcessWatcher) {
    this.spec = spec;
    this.#watcher = watcher;
  }

  get pid(): number | undefined {
    return this.#identity?.pid;
  }

  get state(): ProcessState {
    return this.#state;
  }

  get restarts(): number {
    return this.#restarts;
  }

  /** How the process last ended, e.g. `SIGKILL` or `exit 1`. */
  get lastExit(): string | undefined {
    return this.#lastExit;
  }

  start(): void {
    this.#stopping = new AbortController();
    this.#running = this.#keepRunning(this.#stopping.signal);
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    const identity = this.#identity;
    if (identity !== undefined) await endProcess(identity, this.spec.stopSignal, this.spec.stopGraceMs);
    await this.#running;
    this.#enter('stopped');
  }

  /** Asks the process to end and starts it again at once. Returns how it ended, when its successor has been started. */
  async restart(): Promise<string> {
    const identity = this.#identity;
    if (identity === undefined || this.#isRestarting)
      throw new StackError(`${this.spec.name} is being started already`);
    this.#isRestarting = true;
    this.#enter('restarting');
    await endProcess(identity, this.spec.stopSignal, this.spec.stopGraceMs);
    // The system knows that a process has ended a moment before its parent is told.
    await waitUntil(() => !this.#isRestarting, exitSeenWithinMs, 5);
    return this.#lastExit ?? 'unknown';
  }

  /** The pid of the process once it is ready; undefined when it is not in time. */
  async awaitReady(withinMs: number): Promise<number | undefined> {
    return (await waitUntil(() => this.#state === 'ready', withinMs, 20)) ? this.pid : undefined;
  }

  async #keepRunning(stopping: AbortSignal): Promise<void> {
    let backoffMs = firstBackoffMs;
    for (;;) {
      this.#enter('starting');
      const startedAt = Date.now();
      this.#lastExit = await this.#runOnce();
      this.#identity = undefined;
      if (stopping.aborted) return;
      if (Date.now() - startedAt > settledMs) backoffMs = firstBackoffMs;
      this.#enter('restarting');
      if (this.#isRestarting) {
        this.#isRestarting = false;
        this.#restarts++;
        continue;
      }
      if (await isAbortedWithin(backoffMs, stopping)) return;
      backoffMs = Math.min(backoffMs * 2, longestBackoffMs);
      this.#restarts++;
    }
  }

  async #runOnce(): Promise<string> {
    const child = this.#spawn();
    const ended = exitOf(child);
    const identity = child.pid === undefined ? undefined : identityOf(child.pid);
    if (identity !== undefined) {
      this.#identity = identity;
      this.#watcher.spawned(this, identity);
      void this.#awaitReady(identity);
    }
    return await ended;
  }

  #spawn(): ChildProcess {
    const { command, args, env, cwd, user, logFile } = this.spec;
    mkdirSync(dirname(logFile), { recursive: true });
    const log = openSync(logFile, 'a');
    try {
      // A group of its own: a terminal's Ctrl-C reaches the supervisor alone, which then stops everything in order.
      return spawn(command, args, { env, cwd, ...user, detached: true, stdio: ['ignore', log, log] });
    } finally {
      closeSync(log);
    }
  }

  async #awaitReady(identity: ProcessIdentity): Promise<void> {
    while (this.#isWanted(identity)) {
      const ready = await this.spec.isReady().catch(() => false);
      if (ready && this.#isWanted(identity)) {
        this.#enter('ready');
        return;
      }
      await sleep(100);
    }
  }

  /** Whether this is the process of now, and not asked to end. */
  #isWanted(identity: ProcessIdentity): boolean {
    return this.#identity === identity && !this.#isRestarting && !this.#stopping.signal.aborted;
  }

  #enter(state: ProcessState): void {
    if (this.#state === state) return;
    this.#state = state;
    this.#watcher.changed(this);
  }
}

function exitOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('exit', (code, signal) => resolve(signal ?? `exit ${code}`));
  });
}

async function isAbortedWithin(ms: number, signal: AbortSignal): Promise<boolean> {
  await delay(ms, undefined, { signal }).catch(() => undefined);
  return signal.aborted;
}
