import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { LineTooLongError, splitLines, type Line } from './split-lines.ts';

async function linesOf(chunks: readonly Buffer[], maxBytes = 1_000): Promise<Line[]> {
  const lines: Line[] = [];
  for await (const some of splitLines(streamOf(chunks), maxBytes)) lines.push(...some);
  return lines;
}

async function* streamOf(chunks: readonly Buffer[]): AsyncGenerator<Buffer> {
  yield* chunks;
}

const cut = (bytes: Buffer, at: readonly number[]): Buffer[] => {
  const ends = [...new Set(at.map((place) => place % (bytes.length + 1)))].toSorted((a, b) => a - b);
  return [...ends, bytes.length].map((end, i) => bytes.subarray(ends[i - 1] ?? 0, end));
};

describe('splitLines', () => {
  it('gives the lines of a text wherever its chunks are cut, inside a character too', async () => {
    const line = fc.string({ unit: 'grapheme' }).map((text) => text.replaceAll('\n', '').toWellFormed());
    await fc.assert(
      fc.asyncProperty(fc.array(line, { minLength: 1 }), fc.array(fc.nat()), async (lines, at) => {
        const text = lines.join('\n');
        const expected = text.endsWith('\n') || text === '' ? lines.slice(0, -1) : lines;
        expect(await linesOf(cut(Buffer.from(text), at))).toEqual(expected);
      }),
    );
  });

  it('says which line is not UTF-8, and reads the others', async () => {
    const bytes = Buffer.concat([Buffer.from('一\n'), Buffer.from([0xff, 0xfe]), Buffer.from('\n三')]);
    expect(await linesOf([bytes])).toEqual(['一', null, '三']);
  });

  it('refuses a line without an end before it fills the memory, and gives those before it', async () => {
    const lines: Line[] = [];
    const reading = async (): Promise<void> => {
      for await (const some of splitLines(
        streamOf([Buffer.from('a\nb\n'), Buffer.alloc(20, 'x'), Buffer.alloc(20, 'x')]),
        30,
      ))
        lines.push(...some);
    };
    await expect(reading()).rejects.toThrow(LineTooLongError);
    expect(lines).toEqual(['a', 'b']);
  });
});
