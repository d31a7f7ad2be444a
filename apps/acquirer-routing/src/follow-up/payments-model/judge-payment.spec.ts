import { describe, expect, it } from '@jest/globals';
import { onPayment, sale } from '../../testing/routing-rig.ts';
import type { Arrival, DecidedRow, PaymentHistory, PublishedCopy } from './history.ts';
import { faultsOf } from './judge-payment.ts';

const root = sale({ kind: 'authorize', amountMinor: 1_000n });
const capture = onPayment(root, 'capture', { amountMinor: 600n });
const refund = onPayment(root, 'refund', { amountMinor: 200n });
const other = { ...refund, eventId: root.rootId, amountMinor: 201n };

const arrival = (request: Arrival['request']): Arrival => ({
  ...{ request, wave: 0, isStale: false, isDenied: false, isStray: false },
});
const row = ({ operationId, kind, amountMinor }: Arrival['request'], sequence: number): DecidedRow => ({
  ...{ id: operationId, kind: kind ?? '', amountMinor, sequence, status: 'approved', code: '00' },
  ...{ names: null, businessDate: '2026-11-23' },
});
const decided = [row(root, 1), row(capture, 2), row(refund, 3)];
const copies = (rows: readonly DecidedRow[]): PublishedCopy[] =>
  rows.map((outcome, i) => ({ partition: 0, offset: BigInt(i), bytes: `${i}`, outcome }));
const book = [root, capture, refund].map(({ operationId, amountMinor }) => ({
  ...{ type: 'sale', operationId, amountMinor, status: 'approved' },
}));

/** An authorization, a capture, a refund, and another body under the refund's id. */
const good: PaymentHistory = {
  rootId: root.operationId,
  arrivals: [root, capture, refund, other].map(arrival),
  ...{ decided, published: copies(decided), book, refusals: new Map([[other.eventId, ['conflict']]]) },
  totals: {
    ...{ state: 'partially_refunded', authorizedMinor: 1_000n, capturedMinor: 600n, refundedMinor: 200n },
    ...{ voidedMinor: 0n, reservedMinor: 0n, inFlight: null, sequence: 3 },
  },
};
/** With other rows, published and booked as they are. */
const withRows = (rows: readonly DecidedRow[]): PaymentHistory => ({ ...good, decided: rows, published: copies(rows) });

describe('the judge of payments', () => {
  it('finds nothing wrong where nothing is', () => {
    expect(faultsOf(good)).toEqual([]);
  });

  it.each<[string, PaymentHistory, RegExp]>([
    ['an operation without an outcome', withRows(decided.slice(0, 2)), /has 0 outcomes/],
    ['two outcomes', withRows([...decided, row(refund, 4)]), /has 2 outcomes/],
    ['an outcome that nobody asked for', withRows([...decided, row(onPayment(root, 'refund'), 4)]), /never asked for/],
    ['the amount that came second', withRows([...decided.slice(0, 2), row(other, 3)]), /and 200 came first/],
    ['a conflict that nobody was told of', { ...good, refusals: new Map() }, /not as "conflict"/],
    ['a refusal of what was decided', { ...good, refusals: new Map([[refund.eventId, ['conflict']]]) }, /not as ""/],
    ['a gap', withRows(decided.map((each) => ({ ...each, sequence: each.sequence * 2 - 1 }))), /stands at place/],
    ['another order', withRows([row(root, 1), row(refund, 2), row(capture, 3)]), /another order/],
    ['a refund of nothing', withRows([row(root, 1), row(refund, 2), row(capture, 3)]), /declined for one of/],
    [
      'more than there is',
      withRows([...decided.slice(0, 2), { ...row(refund, 3), amountMinor: 601n }]),
      /refunded 601/,
    ],
    [
      'a decline without a reason',
      withRows([...decided.slice(0, 2), { ...row(refund, 3), status: 'declined', code: 'amount_exceeds_captured' }]),
      /its acquirer's to decide/,
    ],
    ['what came too late', { ...good, arrivals: good.arrivals.map((each) => ({ ...each, isStale: true })) }, /expires/],
    [
      'an outcome outside of the sequence',
      withRows([...decided.slice(0, 2), { ...row(refund, 0), status: 'declined', code: 'payment_not_found' }]),
      /outside of the sequence/,
    ],
    [
      'copies that differ',
      { ...good, published: [...good.published, ...copies(decided).map((each) => ({ ...each, bytes: 'other' }))] },
      /in 2 versions/,
    ],
    [
      'an outcome before the one before it',
      { ...good, published: copies(decided.toReversed()) },
      /in the order 3, 2, 1/,
    ],
    ['totals that are not the fold', { ...good, totals: null }, /totals are none/],
    ['money at the acquirer that we do not know of', { ...good, decided: decided.slice(0, 2) }, /the acquirer has/],
    ['money that the acquirer does not have', { ...good, book: book.slice(1) }, /the acquirer has/],
  ])('finds %s', (_, history, fault) => {
    expect(faultsOf(history).join('\n')).toMatch(fault);
  });
});
