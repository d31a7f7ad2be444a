import type { z } from 'zod';
import type { FieldProblem } from './http-problem.ts';

type Issue = z.core.$ZodIssue;
type Path = readonly PropertyKey[];

/** What a client must know about a broken rule; an issue of nested rules gives several. `above` is the path of what holds the value. */
export function fieldProblemsOf(issue: Issue, above: Path = []): readonly FieldProblem[] {
  const path = [...above, ...issue.path];
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => at([...path, key], unknownField));
  if (issue.code === 'invalid_union') return nearestBranch(issue, path);
  if (issue.code === 'invalid_key' || issue.code === 'invalid_element')
    return issue.issues.flatMap((nested) => fieldProblemsOf(nested, path));
  return [at(path, wordsOf(issue))];
}

const unknownField = { code: 'unknown_field', rule: 'is no field of this request', remedy: 'Leave it out.' };

type Words = Omit<FieldProblem, 'pointer'>;
type PlainIssue = Exclude<Issue, { code: 'unrecognized_keys' | 'invalid_union' | 'invalid_key' | 'invalid_element' }>;

function wordsOf(issue: PlainIssue): Words {
  switch (issue.code) {
    case 'invalid_type':
      return typeWords(issue);
    case 'too_small':
      return sizeWords({ code: 'too_small', origin: issue.origin, bound: `at least ${issue.minimum}` });
    case 'too_big':
      return sizeWords({ code: 'too_big', origin: issue.origin, bound: `at most ${issue.maximum}` });
    case 'invalid_format':
      return { code: 'wrong_format', rule: formatRule(issue), remedy: 'Send it in this format.' };
    case 'not_multiple_of':
      return { code: 'wrong_step', rule: `must be a multiple of ${issue.divisor}`, remedy: 'Send such a value.' };
    case 'invalid_value':
      return {
        code: 'not_allowed',
        rule: `must be one of ${issue.values.map(String).join(', ')}`,
        remedy: 'Send one of these.',
      };
    case 'custom':
      return customWords(issue);
  }
}

function typeWords({ expected, message }: z.core.$ZodIssueInvalidType): Words {
  if (message.endsWith('received undefined')) return { code: 'required', rule: 'is required', remedy: 'Send it.' };
  const article = /^[aeio]/.test(expected) ? 'an' : 'a';
  return { code: 'wrong_type', rule: `must be ${article} ${expected}`, remedy: `Send ${article} ${expected}.` };
}

const units: Readonly<Record<string, string>> = {
  string: ' characters',
  array: ' entries',
  set: ' entries',
  file: ' bytes',
};

function sizeWords({ code, origin, bound }: { code: string; origin: string; bound: string }): Words {
  const unit = units[origin];
  const rule = unit === undefined ? `must be ${bound}` : `must have ${bound}${unit}`;
  return { code, rule, remedy: 'Send a value within these bounds.' };
}

function formatRule({ format, message, pattern }: z.core.$ZodIssueInvalidStringFormat): string {
  if (format !== 'regex') return `must be ${/^[aeio]/.test(format) ? 'an' : 'a'} ${format}`;
  // A schema's own words say more than its pattern.
  return message.startsWith('Invalid') ? `must match ${pattern ?? 'its pattern'}` : message;
}

/** A refinement may name its code and remedy in `params`. */
function customWords({ message, params = {} }: z.core.$ZodIssueCustom): Words {
  const word = (name: string, otherwise: string): string => {
    const given: unknown = params[name];
    return typeof given === 'string' ? given : otherwise;
  };
  return { code: word('code', 'invalid'), rule: word('rule', message), remedy: word('remedy', 'Correct it.') };
}

/** Of the branches of a union the one that was most likely meant: with the fewest faults. */
function nearestBranch(issue: z.core.$ZodIssueInvalidUnion, path: Path): readonly FieldProblem[] {
  const branches = issue.errors.map((branch) => branch.flatMap((nested) => fieldProblemsOf(nested, path)));
  const [nearest] = branches.filter(({ length }) => length > 0).toSorted((a, b) => a.length - b.length);
  return (
    nearest ?? [at(path, { code: 'not_allowed', rule: 'has none of the allowed forms', remedy: 'Send one of them.' })]
  );
}

const at = (path: Path, words: Words): FieldProblem => ({ pointer: pointerOf(path), ...words });

/** RFC 6901 §3: `~` and `/` are escaped, the whole document is the empty pointer. */
export const pointerOf = (path: Path): string =>
  path.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
