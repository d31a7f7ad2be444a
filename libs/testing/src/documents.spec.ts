import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';

const namedIn = (text: string): string[] => [
  ...new Set(
    [...text.matchAll(/`((?:apps|libs|tools|proto|docs|deploy)\/[\w./-]+\.\w+)`/g)].map(([, path = '']) => path),
  ),
];
const documents = [
  'README.md',
  'docs/a-payments-way.md',
  'docs/guarantees.md',
  ...readdirSync('docs/adr').map((name) => `docs/adr/${name}`),
];

describe('documents', () => {
  it.each(documents)('%s names only files that are there', (document) => {
    expect(namedIn(readFileSync(document, 'utf8')).filter((path) => !existsSync(path))).toEqual([]);
  });

  it("tell a payment's way through every service that it passes", () => {
    const paths = namedIn(readFileSync('docs/a-payments-way.md', 'utf8'));
    const firstOf = (prefix: string): number => paths.findIndex((path) => path.startsWith(prefix));
    const order = ['apps/risk-scoring/', 'apps/acquirer-routing/', 'apps/settlement/'].map(firstOf);
    expect(order).not.toContain(-1);
    expect(order).toEqual(order.toSorted((a, b) => a - b));
  });

  it('have a line for every guarantee', () => {
    const lines = readFileSync('docs/guarantees.md', 'utf8').split('\n');
    for (let n = 1; n <= 14; n++) expect(lines.filter((line) => line.startsWith(`| G${n} |`))).toHaveLength(1);
  });
});
