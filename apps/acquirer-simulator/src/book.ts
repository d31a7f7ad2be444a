import { closeSync, fstatSync, ftruncateSync, openSync, readSync, writeSync } from 'node:fs';
import { bookHeader, formatBookLine, parseBookLine } from './book-entry.ts';
import type { BookEntry } from './book-entry.ts';

const chunkBytes = 1 << 20;
const longestLineBytes = 2_048;

/**
 * The host's book of record: an append-only text file. Entries wait in memory until {@link flush} writes them at
 * once, and no reply leaves before that, so a killed host has told nobody what its book does not hold.
 */
export class Book {
  readonly #file: number;
  #writtenBytes: number;
  #pending = '';

  constructor(path: string) {
    this.#file = openSync(path, 'a+');
    this.#writtenBytes = fstatSync(this.#file).size;
  }

  /**
   * Hands over every entry of the file with its offset; to be called once, before the first {@link append}. A last
   * line that a kill left torn is cut off: nobody has been told of it.
   */
  replay(onEntry: (entry: BookEntry, offset: number) => void): void {
    const wholeBytes = readLines(this.#file, (line, offset) => {
      const entry = parseBookLine(line);
      if (entry !== undefined) onEntry(entry, offset);
    });
    if (wholeBytes < this.#writtenBytes) ftruncateSync(this.#file, wholeBytes);
    this.#writtenBytes = wholeBytes;
    if (wholeBytes === 0) this.#pending = bookHeader;
  }

  /** Bytes of the book, those that wait included. */
  get bytes(): number {
    return this.#writtenBytes + this.#pending.length;
  }

  /** Takes an entry and returns the offset it will have. */
  append(entry: BookEntry): number {
    const offset = this.bytes;
    this.#pending += formatBookLine(entry);
    return offset;
  }

  /** Writes what waits: one write, unless the disk takes less. */
  flush(): void {
    if (this.#pending === '') return;
    const bytes = Buffer.from(this.#pending, 'latin1');
    for (let done = 0; done < bytes.length;) done += writeSync(this.#file, bytes, done);
    this.#writtenBytes += bytes.length;
    this.#pending = '';
  }

  /** The entry at an offset that {@link append} or {@link replay} gave; undefined if the line was changed by hand since. */
  read(offset: number): BookEntry | undefined {
    if (offset >= this.#writtenBytes) this.flush();
    const bytes = Buffer.allocUnsafe(longestLineBytes);
    const read = readSync(this.#file, bytes, 0, longestLineBytes, offset);
    return parseBookLine(bytes.toString('latin1', 0, read).split('\n', 1).join(''));
  }

  close(): void {
    this.flush();
    closeSync(this.#file);
  }
}

/** Reads the file piece by piece and returns where its last whole line ends. */
function readLines(file: number, onLine: (line: string, offset: number) => void): number {
  const chunk = Buffer.allocUnsafe(chunkBytes);
  let rest = '';
  let lineAt = 0;
  for (let at = 0; ;) {
    const read = readSync(file, chunk, 0, chunkBytes, at);
    if (read === 0) return lineAt;
    at += read;
    const lines = (rest + chunk.toString('latin1', 0, read)).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      onLine(line, lineAt);
      lineAt += line.length + 1;
    }
  }
}
