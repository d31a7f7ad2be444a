import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { bodyOf } from './find-function.ts';
import { points } from './points.ts';

const root = new URL('../../../..', import.meta.url).pathname;

describe('the points of the fault lab', () => {
  it.each(points)('$name is still in the compiled code', ({ place: { script, function: name } }) => {
    expect(bodyOf(readFileSync(`${root}/${script}`, 'utf8'), name).lineNumber).toBeGreaterThan(0);
  });
});
