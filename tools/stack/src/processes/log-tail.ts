import { readFileSync } from 'node:fs';

const lines = 12;

/** The last lines of a log, or a note that there is none. */
export function logTail(file: string): string {
  try {
    const text = readFileSync(file, 'utf8').trimEnd();
    return text === '' ? `(${file} is empty)` : text.split('\n').slice(-lines).join('\n');
  } catch {
    return `(no ${file})`;
  }
}
