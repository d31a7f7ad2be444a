import { describe, expect, it } from '@jest/globals';
import type { BooksReport, PlayReport } from '@fourway/cli';
import type { FaultResult } from './fault.ts';
import { invariantsOf } from './invariants.ts';
import { problemsOf } from './judge.ts';

const payments = { sent: 10, authorized: 6, declined: 1, reversed: 1, expired: 0, duplicatesAnswered: 1, refused: 1 };
const played: PlayReport = {
  ...{ payments, deadLettered: 0, undecided: { operations: 0, answers: 0, missing: [] } },
  ...{ latencyMs: { p50: 1, p99: 2, p999: 3 }, paymentsPerSecond: 1, durationSeconds: 1 },
  ...{ byAcquirer: {}, byScenario: {}, byStimulus: {}, byOperation: {}, surprises: { count: 0, first: [] } },
};
const books: BooksReport = {
  ...{ agree: true, compared: 9, differenceCount: 0, differences: [] },
  ...{ undecided: { count: 0, operationIds: [] }, reversalsPending: 0 },
  ledger: { present: true, facts: 6, sums: [{ currency: 'CNY', sumMinor: 0n }], imbalances: [] },
  limits: { payments: 0, faults: [] },
};
const sound = { played, books, longestUndecidedSeconds: 9, recoverySeconds: 3, bit: 1, mustBite: 1 };

describe('what is held against a fault', () => {
  it('is nothing when all was answered, in time, and the books agree', () => {
    expect(problemsOf(sound)).toEqual([]);
  });

  it.each([
    [
      'a missing answer',
      {
        played: {
          ...played,
          undecided: { operations: 1, answers: 1, missing: [{ operationId: 'x', waitsFor: 'outcome' as const }] },
        },
      },
    ],
    ['another answer', { played: { ...played, surprises: { count: 1, first: [] } } }],
    ['books that differ', { books: { ...books, agree: false, differenceCount: 1 } }],
    ['a claim without an outcome', { books: { ...books, undecided: { count: 1, operationIds: ['x'] } } }],
    [
      'a ledger that does not sum to zero',
      { books: { ...books, ledger: { ...books.ledger, sums: [{ currency: 'CNY', sumMinor: 1n }] } } },
    ],
    ['a payment undecided for too long', { longestUndecidedSeconds: 60.01 }],
    ['a stand-still', { recoverySeconds: 61 }],
    ['a kill that hit nothing', { bit: 0 }],
  ])('%s', (_, flaw) => {
    expect(problemsOf({ ...sound, ...flaw })).toHaveLength(1);
  });
});

describe('invariants', () => {
  const result: FaultResult = {
    ...{ name: 'kill', promise: '', seen: '', recoverySeconds: 3, bit: 1, pass: true, problems: [] },
    ...{ operations: 9, longestUndecidedSeconds: 9, outcomes: {}, played, books },
  };
  const failing = (results: readonly FaultResult[]): string[] =>
    Object.entries(invariantsOf(results)).flatMap(([name, holds]) => (holds === true ? [] : [name]));

  it('all hold over sound results', () => {
    expect(failing([result, result])).toEqual([]);
  });

  it('none holds where nothing was audited', () => {
    expect(failing([])).toHaveLength(6);
    expect(failing([result, { ...result, played: null, books: null }])).toHaveLength(6);
  });

  it('I9 fails when a request is neither answered nor counted', () => {
    const leaking = { ...played, payments: { ...payments, sent: 11 } };
    expect(failing([result, { ...result, played: leaking }])).toEqual(['I9']);
  });

  it('I2 fails on any difference of the books', () => {
    expect(failing([{ ...result, books: { ...books, differenceCount: 1 } }])).toEqual(['I2']);
  });
});
