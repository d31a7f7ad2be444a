import type { PaymentHistory } from './history.ts';

/** A payment's history for people: what came, what was decided, and what is wrong with it. */
export function tell(history: PaymentHistory, faults: readonly string[]): string {
  const { arrivals, decided, totals, book } = history;
  const placeOf = (id: string): number => arrivals.findIndex(({ request }) => request.operationId === id);
  const came = arrivals.map(({ request, wave, isStale, isStray, isDenied }, place) => {
    const names = request.originalOperationId === undefined ? '' : ` of #${placeOf(request.originalOperationId)}`;
    const first = placeOf(request.operationId);
    const which = first === place ? `#${place}` : `#${place} = #${first} again`;
    const marks = [isStale ? ' stale' : '', isStray ? ' other partition' : '', isDenied ? ' denied' : ''].join('');
    return `  wave ${wave}: ${which} ${request.kind ?? ''} ${request.amountMinor}${names}${marks}`;
  });
  const said = decided
    .toSorted((a, b) => a.sequence - b.sequence)
    .map(
      ({ sequence, id, kind, status, code, amountMinor }) =>
        `  ${sequence}: #${placeOf(id)} ${kind} ${amountMinor} ${status} ${code}`,
    );
  const written = book.map(
    ({ type, operationId, amountMinor, status }) => `  #${placeOf(operationId)} ${type} ${amountMinor} ${status}`,
  );
  const sums =
    totals === null
      ? 'none'
      : `${totals.state}, authorized ${totals.authorizedMinor}, captured ${totals.capturedMinor}, refunded ${totals.refundedMinor}, voided ${totals.voidedMinor}, in flight ${totals.inFlight ?? 'nothing'}`;
  return [
    `payment ${history.rootId}`,
    ...faults.map((fault) => `  WRONG: ${fault}`),
    ...['came:', ...came, 'decided:', ...said, `totals: ${sums}`, "acquirer's book:", ...written],
  ].join('\n');
}
