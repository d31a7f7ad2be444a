import type { DecidedRow, PaymentHistory } from './history.ts';
import { isOrdered, nameOf } from './name-operation.ts';
import { sumsOf, type Story } from './payment-rules.ts';

/** What is published is the stored row, the same bytes however often, and a payment's outcomes first appear in their order. */
export function faultsOfCopies(history: PaymentHistory): string[] {
  const faults: string[] = [];
  const firsts: DecidedRow[] = [];
  for (const row of history.decided) {
    const copies = history.published.filter(({ outcome }) => outcome.id === row.id);
    const [first] = copies;
    const versions = new Set(copies.map(({ bytes }) => bytes)).size;
    if (first === undefined || versions !== 1) {
      faults.push(`${nameOf(history, row.id)} was published in ${versions} versions`);
      continue;
    }
    if (textOf(first.outcome) !== textOf(row))
      faults.push(`${nameOf(history, row.id)} was published as ${textOf(first.outcome)} and stored as ${textOf(row)}`);
  }
  const inTopic = history.published.toSorted((a, b) => Number(a.offset - b.offset));
  for (const { outcome } of inTopic)
    if (outcome.sequence > 0 && !firsts.some(({ id }) => id === outcome.id)) firsts.push(outcome);
  const order = firsts.map(({ sequence }) => sequence);
  // That of two partitions is nobody's to keep: a replica may die between storing an outcome and publishing it.
  if (isOrdered(history) && order.some((sequence, i) => sequence !== i + 1))
    faults.push(`published first in the order ${order.join(', ')}`);
  return faults;
}

export function faultsOfTotals({ decided, totals }: PaymentHistory): string[] {
  const [root, ...operations] = decided
    .filter(({ sequence }) => sequence > 0)
    .toSorted((a, b) => a.sequence - b.sequence);
  if (root === undefined || operations.length === 0)
    return totals === null ? [] : ['totals of a payment without operations'];
  const story: Story = [root, ...operations];
  const folded = { ...sumsOf(story), reservedMinor: 0n, inFlight: null, sequence: story.length };
  return textOf(folded) === textOf(totals)
    ? []
    : [`totals are ${textOf(totals)}; the outcomes fold to ${textOf(folded)}`];
}

/** Money that moved at the acquirer is money of our approvals that nobody took back, to the fen. */
export function faultsOfBook({ decided, book, rootId }: PaymentHistory): string[] {
  const takenBack = new Set(
    decided.flatMap(({ kind, status, names }) =>
      kind === 'reversal' && status === 'approved' ? [names ?? rootId] : [],
    ),
  );
  const ours = decided.filter(
    ({ id, kind, status }) => status === 'approved' && kind !== 'reversal' && !takenBack.has(id),
  );
  const undone = new Set(
    book.flatMap((line) => (line.type === 'reversal' && line.status === 'reversed' ? [line.operationId] : [])),
  );
  const theirs = book.filter(
    ({ type, status, operationId }) => type !== 'reversal' && status === 'approved' && !undone.has(operationId),
  );
  const line = (id: string, amountMinor: bigint): string => `${id} ${amountMinor}`;
  const [inOurs, inTheirs] = [
    ours.map(({ id, amountMinor }) => line(id, amountMinor)).toSorted(),
    theirs.map(({ operationId, amountMinor }) => line(operationId, amountMinor)).toSorted(),
  ];
  return inOurs.join() === inTheirs.join()
    ? []
    : [`the acquirer has ${inTheirs.join(', ')}; we have ${inOurs.join(', ')}`];
}

/** Keys in one order, so that two objects of the same values are the same text. */
const textOf = (value: object | null): string =>
  value === null
    ? 'none'
    : Object.entries(value)
        .toSorted(([a], [b]) => (a < b ? -1 : 1))
        .map(([key, field]) => `${key} ${String(field)}`)
        .join(', ');
