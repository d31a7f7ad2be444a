import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * Installs `folder` once. `prepare` works in a draft folder and returns the path inside it to keep, which is renamed
 * when complete, so neither a crash nor another process doing the same leaves a half-filled folder.
 */
export async function installFolder(folder: string, prepare: (draft: string) => Promise<string>): Promise<string> {
  if (existsSync(folder)) return folder;
  mkdirSync(dirname(folder), { recursive: true });
  const draft = mkdtempSync(`${folder}.draft-`);
  try {
    renameInto(await prepare(draft), folder);
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
  return folder;
}

function renameInto(prepared: string, folder: string): void {
  try {
    renameSync(prepared, folder);
  } catch (error) {
    // Someone else was first, with the same pinned content.
    if (!existsSync(folder)) throw error;
  }
}

/** False with FOURWAY_ENGINES=pinned: then an engine installed on the machine is passed over for the pinned one. */
export function mayUseInstalled(): boolean {
  return process.env['FOURWAY_ENGINES'] !== 'pinned';
}

export function pinnedFile(...path: string[]): string {
  return join(import.meta.dirname, '..', '..', 'pinned', ...path);
}
