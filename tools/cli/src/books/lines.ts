import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';

/** The lines of a text file that say something, one at a time: comments (#) and empty lines are for people. */
export async function* linesOf(path: string): AsyncGenerator<string> {
  for await (const line of createInterface({ input: createReadStream(path, 'utf8'), crlfDelay: Infinity })) {
    if (line.trim() !== '' && !line.startsWith('#')) yield line;
  }
}

/** An amount of a book that people may have edited. */
export function parseAmount(text: string, where: string): bigint {
  if (!/^-?\d{1,18}$/.test(text))
    throw new Error(`${where}: "${text}" is no amount; write minor units in digits, for example 12888`);
  return BigInt(text);
}
