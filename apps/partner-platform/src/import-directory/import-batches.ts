import { EntityMap } from '../directory/entity-map.ts';
import { isFault, parseImportLine, type ImportLine, type LineFault } from './import-line.ts';
import { LineTooLongError, splitLines } from './split-lines.ts';

/** Lines that are stored together, each entity at most once. */
export interface ImportBatch {
  readonly lines: readonly ImportLine[];
  /** Why the line after them cannot be read; nothing comes after it. */
  readonly fault: LineFault | null;
  /** True for the batch that ends the stream, which may be empty. */
  readonly isLast: boolean;
}

const linesABatch = 4_000;
const maxLineBytes = 65_536;

/** Reads a stream of lines into batches, up to its end or the first line that cannot be read. */
export async function* importBatches(body: AsyncIterable<Buffer>): AsyncGenerator<ImportBatch> {
  let batch = new BatchUnderWay();
  let number = 0;
  try {
    for await (const lines of splitLines(body, maxLineBytes)) {
      for (const text of lines) {
        number += 1;
        if (text === '') continue;
        const line = parseImportLine(text, number);
        if (isFault(line)) {
          yield { lines: batch.lines, fault: line, isLast: false };
          return;
        }
        if (!batch.hasRoomFor(line)) {
          yield { lines: batch.lines, fault: null, isLast: false };
          batch = new BatchUnderWay();
        }
        batch.add(line);
      }
    }
    yield { lines: batch.lines, fault: null, isLast: true };
  } catch (error) {
    if (!(error instanceof LineTooLongError)) throw error;
    yield { lines: batch.lines, fault: tooLong(number + 1), isLast: false };
  }
}

class BatchUnderWay {
  readonly lines: ImportLine[] = [];
  readonly #entities = new EntityMap<true>();

  /** An entity may be changed twice in an import, and not twice in a statement. */
  hasRoomFor({ entity }: ImportLine): boolean {
    return this.lines.length < linesABatch && !this.#entities.has(entity);
  }

  add(line: ImportLine): void {
    this.#entities.set(line.entity, true);
    this.lines.push(line);
  }
}

const tooLong = (line: number): LineFault => ({
  line,
  problems: [
    {
      pointer: '',
      code: 'line_too_long',
      rule: `must have at most ${maxLineBytes} bytes`,
      remedy: 'Send one entity a line.',
    },
  ],
});
