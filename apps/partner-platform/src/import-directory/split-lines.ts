import { isUtf8 } from 'node:buffer';

/** A line is longer than any entity can be. */
export class LineTooLongError extends Error {
  override readonly name = 'LineTooLongError';
}

/** A line without its end; null where it is not UTF-8. */
export type Line = string | null;

const newline = 0x0a;

/**
 * The lines of a stream, as often as bytes arrive; the last one need not have an end.
 * @param maxBytes the longest line
 * @throws LineTooLongError when the lines before it were given
 */
export async function* splitLines(body: AsyncIterable<Buffer>, maxBytes: number): AsyncGenerator<readonly Line[]> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of body) {
    const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    const end = bytes.lastIndexOf(newline);
    rest = bytes.subarray(end + 1);
    const lines = end === -1 ? [] : linesOf(bytes.subarray(0, end));
    const tooLong = lines.findIndex((line) => line !== null && line.length > maxBytes);
    yield tooLong === -1 ? lines : lines.slice(0, tooLong);
    if (tooLong !== -1 || rest.length > maxBytes) throw new LineTooLongError(`longer than ${maxBytes} bytes`);
  }
  if (rest.length > 0) yield linesOf(rest);
}

/** Decoded together: a tenth of the cost of one by one, which is left for blocks with a broken line. */
function linesOf(block: Buffer): readonly Line[] {
  if (isUtf8(block)) return block.toString('utf8').split('\n');
  const lines: Line[] = [];
  for (let start = 0; start <= block.length;) {
    const found = block.indexOf(newline, start);
    const line = block.subarray(start, found === -1 ? block.length : found);
    lines.push(isUtf8(line) ? line.toString('utf8') : null);
    start += line.length + 1;
  }
  return lines;
}
