import { globSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { bodyOf } from './find-function.ts';
import { points, type Point } from './points.ts';

const root = new URL('../../../..', import.meta.url).pathname;
const textOf = (path: string): string => readFileSync(`${root}/${path}`, 'utf8');

/** Members of the language and of Node, which are in no code of ours. */
const builtIn = new Set(
  'some filter map every length test kind from isBuffer readInt32BE toString replace values'.split(' '),
);

/** What a condition reads off objects of the service. Where one of them is renamed, the condition is never true and nothing says why. */
const membersOf = ({ place: { when, held } }: Point): string[] => [
  ...new Set(
    [...`${when} ${held}`.matchAll(/\.(?<member>[a-zA-Z]\w*)|\(\{ (?<field>\w+)/g)].flatMap(({ groups }) => [
      ...Object.values(groups ?? {}).filter((name): name is string => typeof name === 'string' && !builtIn.has(name)),
    ]),
  ),
];

describe('the points of the fault lab', () => {
  it.each(points)('$name is still in the compiled code', ({ place: { script, function: name } }) => {
    expect(bodyOf(textOf(script), name).lineNumber).toBeGreaterThan(0);
  });

  it.each(points)('$name asks for nothing that was renamed', (point) => {
    const files = globSync(`apps/${point.service}/dist/**/*.js`, { cwd: root });
    const text = [point.place.script, ...files].map(textOf).join('\n');
    expect(membersOf(point).filter((name) => !new RegExp(`\\b${name}\\b`).test(text))).toEqual([]);
  });
});
