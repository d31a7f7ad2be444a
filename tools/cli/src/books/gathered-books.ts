import { Buckets } from './buckets.ts';
import type { AcquirerEntry, FactEntry, OperationBooks, OutcomeEntry, ReversalEntry } from './entries.ts';

/** All books brought together, operation by operation, in bounded memory. */
export class GatheredBooks {
  readonly #buckets = new Buckets();

  addOurs(entry: OutcomeEntry): void {
    this.#buckets.add(entry.operationId, ['ours', ...outcomeFields(entry)]);
  }

  addUpstream(entry: OutcomeEntry): void {
    this.#buckets.add(entry.operationId, ['upstream', ...outcomeFields(entry)]);
  }

  addUndecided(operationId: string): void {
    this.#buckets.add(operationId, ['undecided']);
  }

  addAcquirer({
    operationId,
    acquirerId,
    kind,
    rrn,
    amountMinor,
    currency,
    responseCode,
    status,
  }: AcquirerEntry): void {
    const fields = [acquirerId, kind, rrn, String(amountMinor), currency, responseCode, status];
    this.#buckets.add(operationId, ['acquirer', ...fields]);
  }

  addReversal({ operationId, acquirerId, rrn, amountMinor, state, ageMs, reason }: ReversalEntry): void {
    this.#buckets.add(operationId, ['reversal', acquirerId, rrn, String(amountMinor), state, String(ageMs), reason]);
  }

  addFact({ operationId, amountMinor }: FactEntry): void {
    this.#buckets.add(operationId, ['fact', String(amountMinor)]);
  }

  *operations(): Generator<readonly [string, OperationBooks]> {
    for (const byOperation of this.#buckets.read()) {
      for (const [operationId, lines] of byOperation) yield [operationId, booksOf(operationId, lines)];
    }
  }

  remove(): void {
    this.#buckets.remove();
  }
}

const outcomeFields = (entry: OutcomeEntry): string[] => [
  String(entry.amountMinor),
  ...[entry.currency, entry.status, entry.responseCode, entry.acquirerId, entry.rrn, entry.kind],
];

function booksOf(operationId: string, lines: readonly string[][]): OperationBooks {
  const of = (book: string): string[][] => lines.filter(([name]) => name === book).map(([, ...fields]) => fields);
  return {
    ours: of('ours').map((fields) => outcomeOf(operationId, fields)),
    isUndecided: of('undecided').length > 0,
    reversals: of('reversal').map((fields) => reversalOf(operationId, fields)),
    acquirers: of('acquirer').map((fields) => acquirerEntryOf(operationId, fields)),
    upstream: of('upstream').map((fields) => outcomeOf(operationId, fields)),
    facts: of('fact').map(([amount = '0']) => ({ operationId, amountMinor: BigInt(amount) })),
  };
}

function outcomeOf(operationId: string, fields: readonly string[]): OutcomeEntry {
  const [amount = '0', currency = '', status = '', responseCode = '', acquirerId = '', rrn = '', kind = ''] = fields;
  return { operationId, amountMinor: BigInt(amount), currency, status, responseCode, acquirerId, rrn, kind };
}

function acquirerEntryOf(operationId: string, fields: readonly string[]): AcquirerEntry {
  const [acquirerId = '', kind = '', rrn = '', amount = '0', currency = '', responseCode = '', status = ''] = fields;
  return {
    ...{ operationId, acquirerId, kind, rrn },
    ...{ amountMinor: BigInt(amount), currency, responseCode, status },
  };
}

function reversalOf(operationId: string, fields: readonly string[]): ReversalEntry {
  const [acquirerId = '', rrn = '', amount = '0', state = '', age = '0', reason = ''] = fields;
  return { operationId, acquirerId, rrn, amountMinor: BigInt(amount), state, ageMs: Number(age), reason };
}
