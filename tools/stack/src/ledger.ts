import { rmSync } from 'node:fs';
import { z } from 'zod';
import { endProcess, identityOf, isAlive, type ProcessIdentity } from './processes/alive.ts';
import { StackError } from './processes/errors.ts';
import { readJsonFile, writeJsonFile } from './processes/json-file.ts';

const identity = z.object({ pid: z.number(), born: z.string() });
const stopSignal = z.enum(['SIGTERM', 'SIGQUIT', 'SIGKILL']);
const stoppable = identity.extend({ stopSignal });
const ledgerContent = z.object({ owner: identity, processes: z.array(stoppable), folders: z.array(z.string()) });

type StoppableProcess = z.infer<typeof stoppable>;
type LedgerContent = z.infer<typeof ledgerContent>;

const graceMs = 5_000;

/**
 * What a stack must clean up, on disk as soon as it exists: its processes, its data. It is also the lock of the state folder,
 * held by the supervisor, and what is read when the supervisor was killed.
 */
export class Ledger {
  readonly file: string;
  readonly owner: ProcessIdentity;
  #content: LedgerContent;

  private constructor(file: string, owner: ProcessIdentity) {
    this.file = file;
    this.owner = owner;
    this.#content = { owner, processes: [], folders: [] };
    writeJsonFile(file, this.#content);
  }

  /** @throws StackError when a living supervisor holds the folder. */
  static async open(file: string): Promise<Ledger> {
    const holder = ownerOf(file);
    if (holder !== undefined)
      throw new StackError(
        `A stack is already up here (supervisor ${holder.pid}). Stop it first: npm run stack -- down`,
      );
    await sweep(file);
    const self = identityOf(process.pid);
    if (self === undefined) throw new StackError('The start time of a process cannot be read here. Install `ps`.');
    return new Ledger(file, self);
  }

  addProcess(process: StoppableProcess): void {
    const living = this.#content.processes.filter(isAlive);
    this.#update({ ...this.#content, processes: [...living, process] });
  }

  addFolder(folder: string): void {
    this.#update({ ...this.#content, folders: [...this.#content.folders, folder] });
  }

  async close(): Promise<void> {
    await sweep(this.file, this.owner);
  }

  #update(content: LedgerContent): void {
    this.#content = content;
    writeJsonFile(this.file, content);
  }
}

/** The living supervisor that holds a ledger, if any. */
export function ownerOf(file: string): ProcessIdentity | undefined {
  const content = readLedger(file);
  return content !== undefined && isAlive(content.owner) ? content.owner : undefined;
}

/** Ends and removes everything in a ledger and the ledger itself; with `owner`, only when it is still that one's. */
export async function sweep(file: string, owner?: ProcessIdentity): Promise<void> {
  const content = readLedger(file);
  if (content === undefined || (owner !== undefined && !isSame(content.owner, owner))) return;
  await Promise.all(content.processes.map((process) => endProcess(process, process.stopSignal, graceMs)));
  for (const folder of content.folders) rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  rmSync(file, { force: true });
}

function isSame(a: ProcessIdentity, b: ProcessIdentity): boolean {
  return a.pid === b.pid && a.born === b.born;
}

/** Undefined when no stack holds the folder. */
export function readLedger(file: string): LedgerContent | undefined {
  const raw = readJsonFile(file);
  return raw === undefined ? undefined : ledgerContent.parse(raw);
}
