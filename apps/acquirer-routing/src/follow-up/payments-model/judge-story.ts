import type { Arrival, DecidedRow, PaymentHistory } from './history.ts';
import { faultOf } from './judge-outcome.ts';
import { isOrdered, nameOf } from './name-operation.ts';
import { sumsOf, type Told } from './payment-rules.ts';

/** The outcomes in the order of their sequence: without a gap, each allowed at its place, never beyond a limit. */
export function faultsOfStory(history: PaymentHistory): string[] {
  const faults: string[] = [];
  const told: Told[] = [];
  const ordered = history.decided.filter(({ sequence }) => sequence > 0).toSorted((a, b) => a.sequence - b.sequence);
  for (const [i, row] of ordered.entries()) {
    if (row.sequence !== i + 1) faults.push(`sequence ${row.sequence} stands at place ${i + 1}`);
    // What it names is what was asked for: the outcome of one that names nothing there is has nothing to name.
    const outcome = { ...row, names: namedBy(history, row) };
    const fault = faultAt(history, outcome, told);
    if (fault !== null) faults.push(`no. ${row.sequence}: ${fault}`);
    told.push(outcome);
    faults.push(...faultsOfSums(told));
  }
  if (ordered[0] !== undefined && ordered[0].id !== history.rootId) faults.push('the first outcome is not the root');
  const firstPlace = (row: DecidedRow): number =>
    history.arrivals.findIndex(({ request }) => request.operationId === row.id);
  const places = ordered.slice(1).map(firstPlace);
  if (isOrdered(history) && places.some((place, i) => place < (places[i - 1] ?? -1)))
    faults.push(`decided in another order than asked for: ${ordered.map(({ id }) => nameOf(history, id)).join(', ')}`);
  return [...faults, ...faultsOfEarly(history)];
}

const namedBy = ({ arrivals }: PaymentHistory, { id }: Told): string | null =>
  arrivals.find(({ request }) => request.operationId === id)?.request.originalOperationId ?? null;

/** What comes first counts; null where the rules allow the outcome for one of the records that may have come first. */
function faultAt(history: PaymentHistory, outcome: Told, [root, ...operations]: readonly Told[]): string | null {
  const before = root === undefined ? null : ([root, ...operations] as const);
  const faults = firstsOf(history, outcome).map((arrival) => faultOf(outcome, before, arrival));
  return faults.includes(null) ? null : (faults[0] ?? `${outcome.kind} was never asked for`);
}

/** The records of the body that was decided of which one came first. */
function firstsOf(history: PaymentHistory, { id, amountMinor }: Told): readonly Arrival[] {
  const same = history.arrivals.filter(
    ({ request }) => request.operationId === id && request.amountMinor === amountMinor,
  );
  return isOrdered(history) ? same.slice(0, 1) : same;
}

function faultsOfSums(told: readonly Told[]): string[] {
  const [root, ...operations] = told;
  if (root === undefined) return [];
  const { authorizedMinor, capturedMinor, refundedMinor } = sumsOf([root, ...operations]);
  const holds = 0n <= refundedMinor && refundedMinor <= capturedMinor && capturedMinor <= authorizedMinor;
  return holds
    ? []
    : [`refunded ${refundedMinor}, captured ${capturedMinor}, authorized ${authorizedMinor} after no. ${told.length}`];
}

/** An outcome outside of the sequence says that there was no payment: only one that came before its root may get it. */
function faultsOfEarly(history: PaymentHistory): string[] {
  const { arrivals, decided, rootId } = history;
  const placeOf = (id: string): number => arrivals.findIndex(({ request }) => request.operationId === id);
  return decided.flatMap((row) => {
    if (row.sequence !== 0) return [];
    const rootAt = placeOf(rootId);
    const isRight = firstsOf(history, row).some(({ isStale }) =>
      isStale ? row.status === 'expired' : row.status === 'declined' && row.code === 'payment_not_found',
    );
    if (isRight && (rootAt === -1 || placeOf(row.id) < rootAt || !isOrdered(history))) return [];
    return [`${nameOf(history, row.id)} ${row.status} ${row.code} outside of the sequence`];
  });
}
