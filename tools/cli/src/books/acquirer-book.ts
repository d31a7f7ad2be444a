import { currencies } from '@fourway/kernel';
import type { AcquirerEntry } from './entries.ts';
import type { GatheredBooks } from './gathered-books.ts';
import { linesOf, parseAmount } from './lines.ts';

/** Where an acquirer keeps its own book of record. */
export interface AcquirerBook {
  readonly acquirerId: string;
  readonly path: string;
}

const alphabeticOf = new Map<string, string>(Object.entries(currencies).map(([code, { numeric }]) => [numeric, code]));

/** Reads an acquirer's book as the acquirer wrote it. Its columns are named in its first line. */
export async function gatherAcquirerBook({ acquirerId, path }: AcquirerBook, books: GatheredBooks): Promise<number> {
  let count = 0;
  for await (const line of linesOf(path)) {
    count += 1;
    books.addAcquirer(parseLine(line, { acquirerId, where: `${path}, entry ${count}` }));
  }
  return count;
}

/** Columns of the book; those between them are of no use here. */
const column = { kind: 0, operationId: 1, rrn: 2, amount: 5, currency: 6, responseCode: 7, status: 9 } as const;

const entryKinds = ['sale', 'authorization', 'capture', 'void', 'refund', 'reversal'];

function parseLine(line: string, { acquirerId, where }: { acquirerId: string; where: string }): AcquirerEntry {
  const fields = line.split('\t');
  const field = (name: keyof typeof column): string => fields[column[name]] ?? '';
  const kind = field('kind');
  if (!entryKinds.includes(kind))
    throw new Error(`${where}: "${kind}" is no entry; entries are ${entryKinds.join(', ')}`);
  return {
    ...{ operationId: field('operationId'), acquirerId, kind, rrn: field('rrn') },
    amountMinor: parseAmount(field('amount'), where),
    currency: alphabeticOf.get(field('currency')) ?? field('currency'),
    ...{ responseCode: field('responseCode'), status: field('status') },
  };
}
