import type { DirectoryChange } from '@fourway/contracts';

/** A directory change as a line of an import: its type, its status, and its fields under the name of the type. */
export const importLineOf = ({ entity, status }: DirectoryChange): string =>
  JSON.stringify({ ...entity, id: undefined, status }, exactNumbers);

/** Caps of fees are bigint here and integers in JSON. */
const exactNumbers = (_: string, value: unknown): unknown => (typeof value === 'bigint' ? Number(value) : value);

/** Bodies of some thousand lines each, so that a world of any size takes the memory of one. */
export function* importBodies(changes: Iterable<DirectoryChange>, linesABody: number): Generator<ImportBody> {
  let lines: string[] = [];
  for (const change of changes) {
    lines.push(importLineOf(change));
    if (lines.length < linesABody) continue;
    yield bodyOf(lines);
    lines = [];
  }
  if (lines.length > 0) yield bodyOf(lines);
}

export interface ImportBody {
  readonly lines: number;
  readonly bytes: Buffer;
}

const bodyOf = (lines: readonly string[]): ImportBody => ({
  lines: lines.length,
  bytes: Buffer.from(lines.join('\n')),
});
