import type { Outcome } from '@fourway/contracts';
import type { Row } from '@fourway/platform-postgres';
import type { OutcomeTape } from '../../testing/outcome-tape.ts';
import type { RoutingFleet } from '../../testing/routing-fleet.ts';
import type { PlannedPayment } from './arrivals.ts';
import type { DecidedRow, PaymentHistory, TotalsSeen } from './history.ts';

/** What the books, the topics and the acquirer say about payments. */
export async function historiesOf(
  payments: readonly PlannedPayment[],
  { database, simulator }: RoutingFleet,
  tape: OutcomeTape,
): Promise<PaymentHistory[]> {
  const rootIds = payments.map(({ rootId }) => rootId);
  const outcomes = await database.query({ name: '', text: outcomesSql, values: [rootIds] });
  const totals = await database.query({ name: '', text: totalsSql, values: [rootIds] });
  const decidedOf = Map.groupBy(outcomes, ([rootId]) => rootId);
  const totalsOf = new Map(totals.map((row) => [row[0], totalsSeen(row)]));
  const book = simulator.book().map(([type = '', operationId = '', , , , amount = '0', , , , status = '']) => ({
    ...{ type, operationId, status },
    amountMinor: BigInt(amount),
  }));
  return payments.map(({ rootId, arrivals }) => {
    const ids = new Set(arrivals.map(({ request }) => request.operationId));
    return {
      ...{ rootId, arrivals, refusals: tape.refusals, totals: totalsOf.get(rootId) ?? null },
      decided: (decidedOf.get(rootId) ?? []).map(decidedRow),
      published: tape.outcomes
        .filter(({ outcome }) => outcome.rootId === rootId)
        .map(({ partition, offset, value, outcome }) => ({
          ...{ partition, offset, bytes: value.toString('hex'), outcome: decidedOutcome(outcome) },
        })),
      book: book.filter(({ operationId }) => ids.has(operationId)),
    };
  });
}

const outcomesSql = `
select coalesce(root_id, operation_id), operation_id, kind, status, response_code, amount_minor, sequence, business_date, original_id
from outcome where operation_id = any($1::uuid[]) or root_id = any($1::uuid[])`;

const totalsSql = `
select root_id, state, authorized_minor, captured_minor, refunded_minor, voided_minor, reserved_minor, in_flight, sequence
from payment_totals where root_id = any($1::uuid[])`;

const decidedRow = ([, id, kind, status, code, amount, sequence, businessDate, names = null]: Row): DecidedRow => ({
  ...{ id: id ?? '', kind: kind ?? '', status: status ?? '', code: code ?? '', amountMinor: BigInt(amount ?? '0') },
  ...{ sequence: Number(sequence), businessDate: businessDate ?? '', names },
});

const decidedOutcome = (outcome: Outcome): DecidedRow => ({
  ...{ id: outcome.operationId, kind: outcome.kind, status: outcome.status, code: outcome.responseCode },
  ...{ amountMinor: outcome.amountMinor, sequence: outcome.sequence, businessDate: outcome.businessDate },
  names: outcome.originalOperationId ?? null,
});

function totalsSeen([, state, ...rest]: Row): TotalsSeen {
  const [authorized, captured, refunded, voided, reserved, inFlight = null, sequence] = rest;
  const minor = (text: string | null | undefined): bigint => BigInt(text ?? '0');
  return {
    ...{ state: state ?? '', authorizedMinor: minor(authorized), capturedMinor: minor(captured) },
    ...{ refundedMinor: minor(refunded), voidedMinor: minor(voided), reservedMinor: minor(reserved) },
    ...{ inFlight, sequence: Number(sequence) },
  };
}
