import type { z } from 'zod';
import { HttpProblem, type FieldProblem } from './http-problem.ts';
import { fieldProblemsOf } from './field-problems.ts';

/** The answer 422 with one entry a broken rule. */
export function problemOfZod(error: z.core.$ZodError): HttpProblem {
  const errors: readonly FieldProblem[] = error.issues.flatMap((issue) => fieldProblemsOf(issue));
  return new HttpProblem({
    status: 422,
    code: 'invalid_fields',
    title: 'Fields of the request break their rules',
    detail: errors.map(({ pointer, rule }) => `${pointer === '' ? 'the body' : pointer}: ${rule}`).join('; '),
    errors,
  });
}

/**
 * The body, or a query's or path's parameters, as a schema says.
 * @throws HttpProblem 422, naming every field at fault
 */
export function parseBody<T extends z.ZodType>(schema: T, body: unknown): z.output<T> {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  throw problemOfZod(parsed.error);
}
