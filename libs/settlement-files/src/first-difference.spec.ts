import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { firstDifference } from './first-difference.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'fourway-difference-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

async function between(one: string, other: string) {
  writeFileSync(join(folder, 'one'), one);
  writeFileSync(join(folder, 'other'), other);
  return firstDifference(join(folder, 'one'), join(folder, 'other'));
}

describe('firstDifference', () => {
  it('names the byte and the line', async () => {
    expect(await between('H|1\nD|a|12\nT\n', 'H|1\nD|a|13\nT\n')).toEqual({ byte: 9, line: 2 });
  });

  it('takes the end of the shorter file for a difference, whichever it is', async () => {
    expect(await between('H\nD\n', 'H\n')).toEqual({ byte: 2, line: 2 });
    expect(await between('', 'H')).toEqual({ byte: 0, line: 1 });
  });

  it('finds one changed byte wherever it is, also past the first mebibyte', async () => {
    const lines = `${'x'.repeat(99)}\n`.repeat(12_000);
    await fc.assert(
      fc.asyncProperty(fc.nat({ max: lines.length - 1 }), async (at) => {
        const changed = `${lines.slice(0, at)}y${lines.slice(at + 1)}`;
        expect(await between(lines, changed)).toEqual({ byte: at, line: Math.floor(at / 100) + 1 });
      }),
      { numRuns: 10 },
    );
    expect(await between(lines, lines)).toBeNull();
  });
});
