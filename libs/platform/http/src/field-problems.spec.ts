import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { z } from 'zod';
import { fieldProblemsOf, pointerOf } from './field-problems.ts';

const problemsOf = (schema: z.ZodType, value: unknown) =>
  schema.safeParse(value).error?.issues.flatMap((issue) => fieldProblemsOf(issue)) ?? [];

describe('field problems', () => {
  it.each([
    ['required', z.object({ a: z.string() }), {}, '/a', /is required/],
    ['wrong_type', z.object({ a: z.int() }), { a: 'x' }, '/a', /must be/],
    ['too_small', z.object({ a: z.string().min(3) }), { a: 'x' }, '/a', /at least 3 characters/],
    ['too_big', z.object({ a: z.bigint().max(9n) }), { a: 10n }, '/a', /at most 9$/],
    ['wrong_format', z.object({ a: z.uuid() }), { a: 'x' }, '/a', /must be a uuid/],
    ['wrong_format', z.object({ a: z.string().regex(/^x$/, 'one x') }), { a: 'y' }, '/a', /^one x$/],
    ['not_allowed', z.object({ a: z.enum(['p', 'q']) }), { a: 'y' }, '/a', /p, q/],
    ['wrong_step', z.object({ a: z.number().multipleOf(5) }), { a: 3 }, '/a', /multiple of 5/],
    ['wrong_format', z.record(z.string().regex(/^k/), z.string()), { q: '1' }, '/q', /k/],
    ['not_allowed', z.discriminatedUnion('t', [z.object({ t: z.literal('a') })]), { t: 'b' }, '/t', /./],
    ['required', z.union([z.object({ a: z.string(), b: z.string() }), z.object({ c: z.string() })]), {}, '/c', /./],
    [
      'day_over',
      z.object({ a: z.string().refine(() => false, { params: { code: 'day_over' } }) }),
      { a: '' },
      '/a',
      /./,
    ],
  ])('says %s, where, and by which rule', (...[code, schema, value, pointer, rule]) => {
    expect(problemsOf(schema, value)).toEqual([
      { pointer, code, rule: expect.stringMatching(rule), remedy: expect.stringMatching(/./) },
    ]);
  });

  it('points at the value by RFC 6901, whatever the names are', () => {
    const resolve = (document: unknown, pointer: string): unknown =>
      pointer
        .split('/')
        .slice(1)
        .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
        .reduce<unknown>((at, key) => z.record(z.string(), z.unknown()).parse(at)[key], document);
    fc.assert(
      fc.property(
        fc.array(
          fc.string().filter((name) => name !== '__proto__'),
          { minLength: 1 },
        ),
        (path) => {
          const document = path.reduceRight<unknown>((inner, key) => ({ [key]: inner }), 'here');
          expect(resolve(document, pointerOf(path))).toBe('here');
        },
      ),
    );
  });
});
