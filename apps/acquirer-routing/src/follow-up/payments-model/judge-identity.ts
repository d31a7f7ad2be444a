import type { Arrival, DecidedRow, PaymentHistory } from './history.ts';
import { isOrdered, nameOf } from './name-operation.ts';

/** One outcome an operation; the other bodies under its id are refused, and nothing else is. */
export function faultsOfIdentity(history: PaymentHistory): string[] {
  const byOperation = Map.groupBy(history.arrivals, ({ request }) => request.operationId);
  const unknown = history.decided.filter(({ id }) => !byOperation.has(id));
  return [
    ...[...byOperation].flatMap(([id, arrivals]) => faultsOfOperation(history, id, arrivals)),
    ...unknown.map(({ kind, id }) => `${kind} ${id} was never asked for`),
  ];
}

function faultsOfOperation(history: PaymentHistory, id: string, arrivals: readonly Arrival[]): string[] {
  const rows = history.decided.filter((row) => row.id === id);
  const name = nameOf(history, id);
  const [row] = rows;
  if (row === undefined || rows.length > 1) return [`${name} has ${rows.length} outcomes`];
  const asked = arrivals.map(({ request }) => request.amountMinor);
  const mayBe = isOrdered(history) ? asked.slice(0, 1) : asked;
  return [
    ...(mayBe.includes(row.amountMinor)
      ? []
      : [`${name} was decided for ${row.amountMinor}, and ${mayBe.join(' or ')} came first`]),
    ...arrivals.flatMap(({ request }) => faultsOfRefusal(history, request, row)),
  ];
}

function faultsOfRefusal(
  history: PaymentHistory,
  { eventId, operationId, amountMinor }: Arrival['request'],
  row: DecidedRow,
): string[] {
  const told = [...new Set(history.refusals.get(eventId))].join();
  const expected = amountMinor === row.amountMinor ? '' : 'conflict';
  return told === expected
    ? []
    : [`${nameOf(history, operationId)} for ${amountMinor} was refused as "${told}", not as "${expected}"`];
}
