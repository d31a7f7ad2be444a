import { describe, expect, it } from '@jest/globals';
import { compareOperation } from './compare-operation.ts';
import type { AcquirerEntry, OperationBooks, OutcomeEntry, ReversalEntry } from './entries.ts';

const operationId = '0190aaaa-0000-7000-8000-000000000001';
const acquirerId = '48020000';
const rrn = 'ABC123ABC123';
const outcome = (fields: Partial<OutcomeEntry> = {}): OutcomeEntry => ({
  ...{ operationId, amountMinor: 12_888n, currency: 'CNY', status: 'approved', responseCode: '00', acquirerId, rrn },
  kind: 'sale',
  ...fields,
});
const entry = (fields: Partial<AcquirerEntry> = {}): AcquirerEntry => ({
  ...{
    operationId,
    acquirerId,
    kind: 'sale',
    rrn,
    amountMinor: 12_888n,
    currency: 'CNY',
    responseCode: '00',
    status: 'approved',
  },
  ...fields,
});
const undone = entry({ kind: 'reversal', status: 'reversed' });
const reversal = (fields: Partial<ReversalEntry> = {}): ReversalEntry => ({
  ...{ operationId, acquirerId, rrn, amountMinor: 12_888n, state: 'pending', ageMs: 5_000, reason: 'no_answer' },
  ...fields,
});
const books = (fields: Partial<OperationBooks>): OperationBooks => ({
  ...{ ours: [], isUndecided: false, reversals: [], acquirers: [], upstream: [], facts: [] },
  ...fields,
});
const told = (own: OutcomeEntry): Pick<OperationBooks, 'ours' | 'upstream'> => ({ ours: [own], upstream: [own] });
const fact = { operationId, amountMinor: 12_888n };
const reversed = outcome({ status: 'reversed', responseCode: 'no_answer' });
const declined = outcome({ status: 'declined', responseCode: '51' });
const ownDecline = outcome({ status: 'declined', responseCode: 'risk_declined', acquirerId: '', rrn: '' });

const faultsOf = (fields: Partial<OperationBooks>): readonly string[] =>
  compareOperation(books(fields), { withFacts: true }).faults;

describe('books agree', () => {
  it.each<[string, Partial<OperationBooks>]>([
    ['on an approval', { ...told(outcome()), acquirers: [entry()], facts: [fact] }],
    [
      'on a decline with the same code',
      { ...told(declined), acquirers: [entry({ status: 'declined', responseCode: '51' })] },
    ],
    ['on a decline of ours that no acquirer has', told(ownDecline)],
    ['on a request that provably never left', told(outcome({ status: 'declined', responseCode: 'not_sent' }))],
    ['on an expiry', told(outcome({ status: 'expired', responseCode: 'expired', acquirerId: '', rrn: '' }))],
    ['on a reversal of what the acquirer never saw', told(reversed)],
    [
      'on a reversal of what the acquirer declined',
      { ...told(reversed), acquirers: [entry({ status: 'declined', responseCode: '05' })] },
    ],
    ['on a reversal that the acquirer has booked', { ...told(reversed), acquirers: [entry(), undone] }],
    [
      'on a reversal that overtook its sale',
      { ...told(reversed), acquirers: [entry({ kind: 'reversal', status: 'tombstone', responseCode: '25' })] },
    ],
    ['while we have not decided, whatever the acquirer did', { isUndecided: true, acquirers: [entry()] }],
  ])('%s', (_, fields) => expect(faultsOf(fields)).toEqual([]));

  it('on an approval that waits for its reversal, and counts it', () => {
    const waiting = books({ ...told(reversed), acquirers: [entry()], reversals: [reversal()] });
    expect(compareOperation(waiting, { withFacts: true })).toEqual({ faults: [], hasPendingReversal: true });
  });

  it('without a ledger, when there is none', () => {
    const noFact = books({ ...told(outcome()), acquirers: [entry()] });
    expect(compareOperation(noFact, { withFacts: false }).faults).toEqual([]);
  });
});

describe('books differ', () => {
  it.each<[string, Partial<OperationBooks>]>([
    ['our outcome is gone', { upstream: [outcome()], acquirers: [entry()], facts: [fact] }],
    ['upstream was never told', { ours: [outcome()], acquirers: [entry()], facts: [fact] }],
    [
      'upstream was told two outcomes',
      { ours: [outcome()], upstream: [outcome(), declined], acquirers: [entry()], facts: [fact] },
    ],
    [
      'upstream was told another amount',
      { ours: [outcome()], upstream: [outcome({ amountMinor: 1n })], acquirers: [entry()], facts: [fact] },
    ],
    [
      'upstream was told another RRN',
      { ours: [outcome()], upstream: [outcome({ rrn: 'X' })], acquirers: [entry()], facts: [fact] },
    ],
    ['the acquirer lost its approval', { ...told(outcome()), facts: [fact] }],
    ['the acquirer has another amount', { ...told(outcome()), acquirers: [entry({ amountMinor: 1n })], facts: [fact] }],
    [
      'the acquirer has another currency',
      { ...told(outcome()), acquirers: [entry({ currency: 'USD' })], facts: [fact] },
    ],
    ['the acquirer has another RRN', { ...told(outcome()), acquirers: [entry({ rrn: 'ZZZ' })], facts: [fact] }],
    [
      'the acquirer reversed what we call approved',
      { ...told(outcome()), acquirers: [entry(), undone], facts: [fact] },
    ],
    [
      'the acquirer declined what we call approved',
      { ...told(outcome()), acquirers: [entry({ status: 'declined' })], facts: [fact] },
    ],
    ['the acquirer approved what we call declined', { ...told(declined), acquirers: [entry()] }],
    [
      'the acquirer declined with another code',
      { ...told(declined), acquirers: [entry({ status: 'declined', responseCode: '05' })] },
    ],
    ['the acquirer lost its decline', told(declined)],
    ['the acquirer approved it twice', { ...told(outcome()), acquirers: [entry(), entry()], facts: [fact] }],
    [
      'a second acquirer approved it, too',
      { ...told(outcome()), acquirers: [entry(), entry({ acquirerId: '48030000' })], facts: [fact] },
    ],
    ['an acquirer approved what nobody asked for', { acquirers: [entry()] }],
    [
      'an acquirer has what we declined by ourselves',
      { ...told(ownDecline), acquirers: [entry({ status: 'declined' })] },
    ],
    ['an approval without our success is not being reversed', { ...told(reversed), acquirers: [entry()] }],
    [
      'its reversal waits for more than a day',
      { ...told(reversed), acquirers: [entry()], reversals: [reversal({ ageMs: 86_400_001 })] },
    ],
    [
      'its reversal was acknowledged, but is not booked',
      { ...told(reversed), acquirers: [entry()], reversals: [reversal({ state: 'acknowledged' })] },
    ],
    ['the acquirer reversed a sale that is not in its book', { ...told(reversed), acquirers: [undone] }],
    ['an approval was not posted', { ...told(outcome()), acquirers: [entry()] }],
    ['an approval was posted twice', { ...told(outcome()), acquirers: [entry()], facts: [fact, fact] }],
    [
      'an approval was posted with another amount',
      { ...told(outcome()), acquirers: [entry()], facts: [{ ...fact, amountMinor: 1n }] },
    ],
    ['a decline was posted', { ...told(ownDecline), facts: [fact] }],
  ])('when %s', (_, fields) => expect(faultsOf(fields)).not.toEqual([]));
});
