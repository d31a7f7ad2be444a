import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Database } from '@fourway/platform-postgres';
import { cycleFacts, type CycleFact } from './cycle-facts.ts';
import { DetailFile } from './detail-file.ts';
import { sync } from './durable-file.ts';
import { acquirerLayout, providerLayout, type FileLayout } from './file-layout.ts';
import type { SettlementFileRecord } from './file-record.ts';

export interface WriteCycleFilesOptions {
  readonly database: Database;
  /** A closed cycle. */
  readonly cycleId: string;
  /** The folder of the settlement files; the cycle's own folder is made in it. */
  readonly folder: string;
  /** Called between pages, with the facts read so far. */
  readonly onProgress?: (facts: number) => Promise<void> | void;
}

/**
 * Writes all files of a closed cycle in one pass over its facts: the order of the pass is the order in every file, so nothing is sorted.
 * The same ledger gives the same bytes, in any process. Memory grows with the number of files, not with what they hold.
 * @returns the files by path
 */
export async function writeCycleFiles(options: WriteCycleFilesOptions): Promise<SettlementFileRecord[]> {
  const { database, cycleId, folder, onProgress } = options;
  const own = join(folder, cycleId);
  await mkdir(own, { recursive: true });
  await removeUnfinished(own);
  const files = new CycleFiles(folder, cycleId);
  let facts = 0;
  for await (const page of cycleFacts(database, cycleId)) {
    for (const fact of page) files.add(fact);
    facts += page.length;
    await onProgress?.(facts);
  }
  const written: SettlementFileRecord[] = [];
  for (const file of files.byPath()) written.push(await file.finish());
  await sync(own);
  await sync(folder);
  return written;
}

/** What a process left that ended while it wrote. */
async function removeUnfinished(folder: string): Promise<void> {
  for (const name of await readdir(folder)) if (name.endsWith('.tmp')) await rm(join(folder, name), { force: true });
}

class CycleFiles {
  readonly #folder: string;
  readonly #cycleId: string;
  readonly #acquirers = new Map<string, DetailFile>();
  readonly #providers = new Map<string, DetailFile>();

  constructor(folder: string, cycleId: string) {
    this.#folder = folder;
    this.#cycleId = cycleId;
  }

  add(fact: CycleFact): void {
    this.#fileOf(this.#acquirers, acquirerLayout, fact.acquirerId, fact).add(fact);
    if (fact.providerId !== '') this.#fileOf(this.#providers, providerLayout, fact.providerId, fact).add(fact);
  }

  byPath(): DetailFile[] {
    return [...this.#acquirers.values(), ...this.#providers.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
  }

  #fileOf(
    files: Map<string, DetailFile>,
    layout: FileLayout,
    participantId: string,
    { currency }: CycleFact,
  ): DetailFile {
    const key = `${currency}${participantId}`;
    const known = files.get(key);
    if (known !== undefined) return known;
    const file = new DetailFile(this.#folder, { layout, participantId, cycleId: this.#cycleId, currency });
    files.set(key, file);
    return file;
  }
}
