import { SwitchError } from '@fourway/kernel';

/** Zero-based, as the inspector counts. */
export interface SourcePosition {
  readonly lineNumber: number;
  readonly columnNumber: number;
}

/**
 * Where the body of a function or method begins in a script.
 * @throws SwitchError `config_invalid` unless there is exactly one of that name: a breakpoint that is set elsewhere would prove nothing
 */
export function bodyOf(source: string, name: string): SourcePosition {
  const header = new RegExp(String.raw`^[ ]*(?:export |async |static |function )*${name}\([^)]*\) \{$`);
  const found = source
    .split('\n')
    .flatMap((line, lineNumber) => (header.test(line) ? [{ lineNumber, columnNumber: line.length - 1 }] : []));
  const [only] = found;
  if (only === undefined || found.length > 1)
    throw new SwitchError(
      'config_invalid',
      `${found.length} functions are named ${name}, not one: the code has moved on`,
    );
  return only;
}
