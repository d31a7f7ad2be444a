import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Payments, type RequestFacts, type RequestKind } from './payments.ts';

let folder = '';
let payments: Payments;
let books = 0;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fourway-limits-'));
  payments = new Payments(join(folder, 'book.tsv'));
});
afterEach(() => {
  payments.close();
  rmSync(folder, { recursive: true });
});

/** As after a kill: everything is read from the book again. */
function reopen(): void {
  payments.close();
  payments = new Payments(join(folder, 'book.tsv'));
}

const facts = (number: number, amountMinor: bigint): RequestFacts => ({
  operationId: `operation ${number}`,
  transmissionDateTime: '1122140502',
  stan: String(number).padStart(6, '0'),
  rrn: `RRN${String(number).padStart(9, '0')}`,
  amountMinor,
  currency: '156',
});
const ask = (number: number, amountMinor: bigint, type: RequestKind['type'], on?: number): string => {
  const kind = on === undefined ? { type } : { type, original: facts(on, 0n) };
  return payments.record(facts(number, amountMinor), '00', kind).responseCode;
};
const undo = (number: number, amountMinor: bigint): string =>
  payments.recordReversal(facts(number, amountMinor)).responseCode;

describe('the host', () => {
  it('captures within the authorization and refunds within the captures, over a restart', () => {
    expect(ask(1, 100n, 'authorization')).toBe('00');
    expect([ask(2, 1n, 'refund', 1), ask(3, 60n, 'capture', 1), ask(4, 41n, 'capture', 1)]).toEqual(['13', '00', '13']);
    reopen();
    expect([ask(5, 40n, 'capture', 1), ask(6, 101n, 'refund', 1), ask(7, 100n, 'refund', 1)]).toEqual([
      '00',
      '13',
      '00',
    ]);
    reopen();
    expect(ask(8, 1n, 'refund', 1)).toBe('13');
  });

  it('gives room again for what was reversed, and answers a request again as the first time', () => {
    ask(1, 100n, 'sale');
    expect([ask(2, 100n, 'refund', 1), ask(2, 100n, 'refund', 1), ask(3, 100n, 'refund', 1)]).toEqual([
      '00',
      '00',
      '13',
    ]);
    expect([undo(2, 100n), undo(2, 100n)]).toEqual(['00', '00']);
    reopen();
    expect(ask(4, 100n, 'refund', 1)).toBe('00');
  });

  it('voids the whole, once, and not what was refunded or captured', () => {
    ask(1, 100n, 'sale');
    expect([ask(2, 99n, 'void', 1), ask(3, 100n, 'void', 1), ask(4, 100n, 'void', 1)]).toEqual(['13', '00', '12']);
    expect(undo(3, 100n)).toBe('00');
    reopen();
    expect([ask(5, 1n, 'refund', 1), ask(6, 100n, 'void', 1)]).toEqual(['00', '12']);
    ask(11, 100n, 'authorization');
    ask(12, 100n, 'capture', 11);
    expect([ask(13, 100n, 'void', 11), ask(14, 100n, 'void', 12), ask(15, 100n, 'void', 11)]).toEqual([
      '12',
      '00',
      '00',
    ]);
    expect(ask(16, 1n, 'capture', 11)).toBe('12');
  });

  it('knows no operation without its payment, and declines one that was reversed before it came', () => {
    expect(ask(2, 1n, 'refund', 1)).toBe('25');
    ask(3, 100n, 'sale');
    expect(undo(4, 50n)).toBe('25');
    expect(ask(4, 50n, 'refund', 3)).toBe('12');
    undo(3, 100n);
    expect(ask(5, 1n, 'refund', 3)).toBe('12');
  });

  it('counts the same whether it was restarted or not', () => {
    const requests = fc.array(
      fc.record({
        type: fc.constantFrom('capture' as const, 'refund' as const),
        amount: fc.bigInt(1n, 60n),
        isUndone: fc.boolean(),
      }),
      { maxLength: 20 },
    );
    fc.assert(
      fc.property(requests, fc.array(fc.boolean(), { minLength: 20, maxLength: 20 }), (list, restarts) => {
        const answers = [false, true].map((withRestarts) => {
          const base = withRestarts ? 500_000 : 100;
          const path = join(folder, `${(books += 1)}.tsv`);
          payments.close();
          payments = new Payments(path);
          ask(base, 100n, 'authorization');
          return list.map(({ type, amount, isUndone }, i) => {
            if (withRestarts && restarts[i] === true) {
              payments.close();
              payments = new Payments(path);
            }
            const code = ask(base + 1 + i, amount, type, base);
            return isUndone ? `${code} ${undo(base + 1 + i, amount)}` : code;
          });
        });
        expect(answers[0]).toEqual(answers[1]);
      }),
      { numRuns: 60 },
    );
  });
});
