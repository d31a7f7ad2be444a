import { createHash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { StackError } from '../processes/errors.ts';

export function digest(file: string, algorithm: 'sha256' | 'sha512', encoding: 'hex' | 'base64'): string {
  return createHash(algorithm).update(readFileSync(file)).digest(encoding);
}

/** Reads a `sha256sum` list: file name → digest. */
export function readChecksums(file: string): ReadonlyMap<string, string> {
  const lines = readFileSync(file, 'utf8').trim().split('\n');
  return new Map(lines.map((line) => [line.slice(66), line.slice(0, 64)]));
}

/** Throws unless the folder holds exactly the listed files with the listed content. */
export function verifyFolder(folder: string, checksums: ReadonlyMap<string, string>): void {
  const files = readdirSync(folder);
  for (const file of files) verifyFile(join(folder, file), checksums.get(file));
  const missing = [...checksums.keys()].filter((file) => !files.includes(file));
  if (missing.length > 0) throw new StackError(`The download lacks ${missing.join(', ')}. Try again.`);
}

export function verifyFile(file: string, expected: string | undefined): void {
  if (digest(file, 'sha256', 'hex') === expected) return;
  throw new StackError(
    `${file} is not the pinned file: its SHA-256 differs from the committed one. Check where your package registry points.`,
  );
}
