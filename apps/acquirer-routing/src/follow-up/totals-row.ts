import type { TotalsChange } from './plan-follow-up.ts';

export interface TotalsToWrite {
  readonly rootId: string;
  /** Null: there is no payment, so nothing is written. */
  readonly totals: TotalsChange | null;
}

interface Column {
  readonly name: string;
  readonly type: string;
  readonly value: (toWrite: TotalsToWrite) => string | number | null;
}

const columns: readonly Column[] = [
  { name: 'root_id', type: 'uuid', value: ({ rootId }) => rootId },
  { name: 'version', type: 'int', value: ({ totals }) => totals?.version ?? null },
  { name: 'root_kind', type: 'text', value: ({ totals }) => totals?.after.rootKind ?? null },
  { name: 'state', type: 'text', value: ({ totals }) => totals?.after.state ?? null },
  { name: 'authorized_minor', type: 'bigint', value: ({ totals }) => totals?.after.authorizedMinor.toString() ?? null },
  { name: 'captured_minor', type: 'bigint', value: ({ totals }) => totals?.after.capturedMinor.toString() ?? null },
  { name: 'refunded_minor', type: 'bigint', value: ({ totals }) => totals?.after.refundedMinor.toString() ?? null },
  { name: 'voided_minor', type: 'bigint', value: ({ totals }) => totals?.after.voidedMinor.toString() ?? null },
  { name: 'reserved_minor', type: 'bigint', value: ({ totals }) => totals?.after.reservedMinor.toString() ?? null },
  { name: 'in_flight', type: 'uuid', value: ({ totals }) => totals?.after.inFlight?.operationId ?? null },
  { name: 'in_flight_kind', type: 'text', value: ({ totals }) => totals?.after.inFlight?.kind ?? null },
  { name: 'sequence', type: 'smallint', value: ({ totals }) => totals?.after.sequence ?? null },
  { name: 'newly_undone', type: 'uuid', value: ({ totals }) => totals?.undone ?? null },
];

export const totalsColumns: readonly string[] = columns.map(({ name }) => name);

/** The arguments of an unnest whose first parameter has number `first`. */
export const totalsTypes = (first: number): string =>
  columns.map(({ type }, i) => `$${first + i}::${type}[]`).join(', ');

/** One array a column, in the order of `totalsTypes`. */
export const totalsValues = (rows: readonly TotalsToWrite[]): (string | number | null)[][] =>
  columns.map(({ value }) => rows.map(value));
