import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { axisTo, type Picture } from './picture.ts';
import { spreadLabels } from './spread-labels.ts';
import { svgPicture } from './svg-picture.ts';
import { terminalPicture } from './terminal-picture.ts';

const points = (perSecond: number, seconds: number) =>
  Array.from({ length: seconds }, (_, i) => ({ seconds: i + 0.5, perSecond }));
const picture: Picture = {
  ...{ title: 'A & B <run>', subtitle: 'of a test' },
  lines: [
    { label: 'stage', role: 'stage', points: points(15_000, 60) },
    { label: 'ledger', role: 'main', points: points(10_000, 120) },
    { label: 'rival', role: 'rival', points: points(20_000, 40) },
  ],
};

describe('an axis', () => {
  it('holds the most there is, at round numbers that increase', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1e9, noNaN: true }), fc.integer({ min: 2, max: 12 }), (most, count) => {
        const { end, ticks } = axisTo(most, count);
        expect(end).toBeGreaterThanOrEqual(Math.max(most, 1) * (1 - 1e-6));
        expect([ticks[0], ticks.at(-1)]).toEqual([0, end]);
        expect(ticks.length).toBeLessThanOrEqual(count + 1);
      }),
    );
  });
});

describe('labels', () => {
  it('never lie on each other, stay in their room and keep their order', () => {
    const wanted = fc.array(fc.double({ min: -50, max: 450, noNaN: true }), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(wanted, (ats) => {
        const placed = spreadLabels(ats, { gap: 17, least: 0, most: 400 });
        const inOrder = ats.map((at, i) => ({ at, y: placed[i] ?? NaN })).sort((a, b) => a.at - b.at || a.y - b.y);
        inOrder.slice(1).forEach(({ y }, i) => expect(y - (inOrder[i]?.y ?? NaN)).toBeGreaterThanOrEqual(17 - 1e-9));
        for (const y of placed) expect(y >= 0 && y <= 400).toBe(true);
      }),
    );
  });
});

describe('the picture', () => {
  it('as SVG has a line for each, its label, and units on both axes', () => {
    const svg = svgPicture(picture);
    expect(svg.match(/<polyline /g)).toHaveLength(3);
    for (const text of ['>stage<', '>ledger<', '>rival<', '>payments/s<', '>seconds since the first request<'])
      expect(svg).toContain(text);
    expect(svg).toContain('A &amp; B &lt;run&gt;');
  });

  it('as SVG draws every point inside of the page, whatever the figures', () => {
    const lines = fc.array(fc.record({ seconds: fc.nat({ max: 2_000 }), perSecond: fc.nat({ max: 100_000 }) }), {
      maxLength: 30,
    });
    fc.assert(
      fc.property(lines, (line) => {
        const sorted = line.toSorted((a, b) => a.seconds - b.seconds);
        const svg = svgPicture({ ...picture, lines: [{ label: 'x', role: 'main', points: sorted }] });
        for (const [, list = ''] of svg.matchAll(/points="([^"]*)"/g))
          for (const pair of list.split(' ')) {
            const [x = NaN, y = NaN] = pair.split(',').map(Number);
            expect(x >= 0 && x <= 920 && y >= 0 && y <= 452).toBe(true);
          }
      }),
    );
  });

  it('in a terminal shows how high the run was, and where it ended', () => {
    const lines = terminalPicture(picture).split('\n');
    const area = lines.filter((line) => line.includes('│')).map((line) => line.slice(line.indexOf('│') + 1));
    expect(area.at(-1)).toMatch(/^█{71,72}$/);
    expect(area[0]).not.toContain('█');
    const marked = (mark: string): number => area.filter((line) => line.includes(mark)).length;
    expect([marked('o'), marked('-')]).toEqual([1, 1]);
    expect(lines.at(-1)).toContain('█ ledger   o stage   - rival');
  });
});
