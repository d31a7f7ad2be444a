import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseBookLine } from './book-entry.ts';
import { Payments } from './payments.ts';
import type { RequestFacts } from './payments.ts';

let folder = '';
let bookPath = '';
let payments: Payments;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fourway-book-'));
  bookPath = join(folder, 'book.tsv');
  payments = new Payments(bookPath);
});

afterEach(() => {
  payments.close();
  rmSync(folder, { recursive: true });
});

const facts = (number: number): RequestFacts => ({
  operationId: `operation ${number}`,
  transmissionDateTime: '1122140502',
  stan: String(number).padStart(6, '0'),
  rrn: `RRN${String(number).padStart(9, '0')}`,
  amountMinor: BigInt(100 + number),
  currency: '156',
});

const lines = (): string[] => {
  payments.flush();
  return readFileSync(bookPath, 'latin1').split('\n').slice(1, -1);
};

/** As after a kill: what was not flushed is gone, the rest is read anew. */
function reopen(): void {
  payments.close();
  payments = new Payments(bookPath);
}

describe('Payments', () => {
  it('answers a repeated sale as the first time, also inside one batch, and records it once', () => {
    expect(payments.record(facts(1), '00')).toMatchObject({
      responseCode: '00',
      authCode: '000001',
      repeated: false,
    });
    expect(payments.record({ ...facts(1), amountMinor: 5n }, '51')).toMatchObject({
      responseCode: '00',
      amountMinor: 101n,
      repeated: true,
    });
    expect(lines()).toHaveLength(1);
  });

  it('reverses once', () => {
    payments.record(facts(1), '00');
    expect(payments.recordReversal(facts(1))).toMatchObject({ responseCode: '00', repeated: false });
    expect(payments.recordReversal(facts(1))).toMatchObject({ responseCode: '00', repeated: true });
    expect(lines()).toHaveLength(2);
  });

  it('has nothing to record when a declined sale is reversed', () => {
    payments.record(facts(1), '51');
    expect(payments.recordReversal(facts(1))).toMatchObject({ responseCode: '00', repeated: true });
    expect(payments.record(facts(1), '00')).toMatchObject({ responseCode: '51' });
    expect(lines()).toHaveLength(1);
  });

  it('never has an approved sale without its reversal once a reversal came, in any order, across restarts', () => {
    const steps = fc.array(fc.constantFrom('sale', 'reversal', 'restart'), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(steps, (sequence) => {
        rmSync(bookPath, { force: true });
        reopen();
        for (const step of sequence) {
          if (step === 'sale') payments.record(facts(1), '00');
          else if (step === 'reversal') payments.recordReversal(facts(1));
          else reopen();
        }
        const statuses = lines().map((line) => parseBookLine(line)?.status);
        expect(statuses.length).toBeLessThanOrEqual(2);
        const approved = statuses.filter((status) => status === 'approved').length;
        const reversed = statuses.filter((status) => status === 'reversed').length;
        expect(reversed).toBe(sequence.includes('reversal') ? approved : 0);
      }),
    );
  });

  it('rebuilds answers and sums from the book, cuts off a torn line and appends behind what is whole', () => {
    for (let number = 1; number <= 1_000; number += 1) payments.record(facts(number), number % 10 === 0 ? '51' : '00');
    payments.recordReversal(facts(1));
    const totals = payments.totals;
    payments.flush();
    appendFileSync(bookPath, 'sale\ttorn by a kill');
    reopen();
    expect(payments.totals).toEqual(totals);
    expect(payments.record(facts(10), '00')).toMatchObject({ responseCode: '51', repeated: true });
    expect(payments.record(facts(1), '00')).toMatchObject({ responseCode: '12', repeated: true });
    payments.record(facts(2_000), '00');
    expect(lines()).toHaveLength(1_002);
    expect(parseBookLine(lines().at(-1) ?? '')).toMatchObject({ operationId: 'operation 2000', amountMinor: 2_100n });
  });
});
