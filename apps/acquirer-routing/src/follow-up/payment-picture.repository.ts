import type { OperationKindName } from '@fourway/contracts';
import { defined } from '@fourway/kernel';
import type { FollowUpKind, PaymentState, PaymentTotals, RootKind } from '@fourway/payment';
import type { Row } from '@fourway/platform-postgres';
import { outcomeColumns, outcomeOf, type StoredOutcome } from '../decide-outcome/outcome-row.ts';
import type { Queries } from '../engines.ts';
import { epochMs } from '../epoch-ms.ts';
import type { Incoming } from '../operation.ts';
import { idRangeOf, withinIdRange } from '../retention/id-range.ts';

export interface ClaimOfFollowUp {
  readonly fingerprint: string;
  readonly acquirerId: string;
  readonly feeContractId: number;
  readonly writer: string;
  /** Milliseconds since the Unix epoch. */
  readonly claimedAtMs: number;
}

/** What the books say at one instant about an operation and the payment it is on. */
export interface PaymentPicture {
  readonly claim: ClaimOfFollowUp | null;
  readonly outcome: StoredOutcome | null;
  readonly root: {
    /** Null where the claim was dropped with its day: older than the horizon of claims. */
    readonly fingerprint: string | null;
    readonly outcome: StoredOutcome | null;
  } | null;
  /** The operation that the request names besides the root. */
  readonly original: StoredOutcome | null;
  /** Null before the first operation on the payment. */
  readonly totals: { readonly totals: PaymentTotals; readonly version: number } | null;
  /** An earlier record of the payment is parked, if only of the same operation: this one's turn comes after it. */
  readonly isBehindParked: boolean;
  /** An earlier record of the same operation is parked: the first one counts. */
  readonly isBehindItself: boolean;
  /** Of its own parked row, milliseconds since the Unix epoch. */
  readonly giveUpAtMs: number | null;
  /** The business date that is open, `YYYY-MM-DD`. */
  readonly today: string;
}

/** Reads what decides operations on payments, a batch in one round trip. */
export class PaymentPictureRepository {
  readonly #queries: Queries;

  constructor(queries: Queries) {
    this.#queries = queries;
  }

  async look(batch: readonly Incoming[]): Promise<ReadonlyMap<string, PaymentPicture>> {
    if (batch.length === 0) return new Map();
    const operations = batch.map(({ scored }) => scored.operation);
    const ids = operations.flatMap((asked) => [
      asked.operationId,
      asked.rootId,
      asked.originalOperationId ?? asked.rootId,
    ]);
    const rows = await this.#queries.query({
      name: 'look_at_payments',
      text: lookSql,
      values: [
        operations.map(({ operationId }) => operationId),
        operations.map(({ rootId }) => rootId),
        operations.map(({ originalOperationId = null }) => originalOperationId),
        batch.map(({ record }) => record.offset.toString()),
        ...idRangeOf(ids),
      ],
    });
    return new Map(rows.map((row) => [defined(row[0], 'operation_id'), pictureOf(row)]));
  }

  /** The outcomes there are for these ids. */
  async outcomesOf(operationIds: readonly string[]): Promise<ReadonlyMap<string, StoredOutcome>> {
    if (operationIds.length === 0) return new Map();
    const rows = await this.#queries.query({
      name: 'outcomes_of_follow_ups',
      text: `select ${outcomeSelect('o')} from unnest($1::uuid[]) u (id)
        cross join lateral (select * from outcome where operation_id = u.id and ${withinIdRange('operation_id', 2)} offset 0) o`,
      values: [operationIds, ...idRangeOf(operationIds)],
    });
    return new Map(rows.map(outcomeOfRow).map((outcome) => [outcome.operationId, outcome]));
  }
}

/** What `outcomeOf` reads, then the original. */
const outcomeSelect = (alias: string): string =>
  [
    ...outcomeColumns.map((column) => (column.endsWith('_at') ? epochMs(`${alias}.${column}`) : `${alias}.${column}`)),
    epochMs(`${alias}.decided_at`),
    `${alias}.business_date`,
    `${alias}.original_id`,
    `${alias}.original_kind`,
  ].join(', ');
const outcomeWidth = outcomeColumns.length + 4;

function outcomeOfRow(row: Row): StoredOutcome {
  const outcome = outcomeOf(row);
  const [originalOperationId, originalKind] = row.slice(outcomeWidth - 2);
  if (typeof originalKind !== 'string') return outcome;
  const undoing = { ...outcome, originalKind: originalKind as OperationKindName };
  return typeof originalOperationId === 'string' ? { ...undoing, originalOperationId } : undoing;
}

// One index look-up an id in one partition, as in find_claims and for the same reason.
const lookSql = `
select u.id, encode(c.fingerprint, 'hex'), c.acquirer_id, c.fee_contract_id, c.writer, ${epochMs('c.claimed_at')},
  rc.operation_id, encode(rc.fingerprint, 'hex'),
  t.root_id, t.version, t.root_kind, t.state, t.authorized_minor, t.captured_minor, t.refunded_minor, t.voided_minor, t.reserved_minor,
  t.in_flight, t.in_flight_kind, t.sequence, array_to_string(t.undone, ','),
  exists (select from parked p where p.root_id = u.root and p.source_offset < u.source_offset),
  exists (select from parked p where p.operation_id = u.id and p.source_offset < u.source_offset),
  (select ${epochMs('min(p.give_up_at)')} from parked p where p.operation_id = u.id),
  (select business_date(now())),
  ${outcomeSelect('o')}, ${outcomeSelect('ro')}, ${outcomeSelect('oo')}
from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::bigint[]) u (id, root, original, source_offset)
left join lateral (select * from claim where operation_id = u.id and ${withinIdRange('operation_id', 5)} offset 0) c on true
left join lateral (select * from outcome where operation_id = u.id and ${withinIdRange('operation_id', 5)} offset 0) o on true
left join lateral (select * from claim where operation_id = u.root and ${withinIdRange('operation_id', 5)} offset 0) rc on true
left join lateral (select * from outcome where operation_id = u.root and ${withinIdRange('operation_id', 5)} offset 0) ro on true
left join lateral (select * from outcome where operation_id = u.original and ${withinIdRange('operation_id', 5)} offset 0) oo on true
left join lateral (select * from payment_totals where root_id = u.root and ${withinIdRange('root_id', 5)} offset 0) t on true`;

const [claimAt, rootAt, totalsAt, stateAt, outcomesAt] = [1, 6, 8, 21, 25];

function pictureOf(row: Row): PaymentPicture {
  const outcomeNo = (no: number): StoredOutcome | null => {
    const columns = row.slice(outcomesAt + no * outcomeWidth, outcomesAt + (no + 1) * outcomeWidth);
    return columns[0] === null ? null : outcomeOfRow(columns);
  };
  const [isBehindParked, isBehindItself, giveUpAt, today] = row.slice(stateAt, outcomesAt);
  const [rootClaim, rootFingerprint = null] = row.slice(rootAt, totalsAt);
  const rootOutcome = outcomeNo(1);
  return {
    claim: claimOf(row.slice(claimAt, rootAt)),
    outcome: outcomeNo(0),
    root: rootClaim === null && rootOutcome === null ? null : { fingerprint: rootFingerprint, outcome: rootOutcome },
    original: outcomeNo(2),
    totals: totalsOf(row.slice(totalsAt, stateAt)),
    isBehindParked: isBehindParked === 't',
    isBehindItself: isBehindItself === 't',
    giveUpAtMs: typeof giveUpAt === 'string' ? Number(giveUpAt) : null,
    today: defined(today, 'business date'),
  };
}

function claimOf([fingerprint, acquirerId, contract, writer, claimedAtMs]: Row): ClaimOfFollowUp | null {
  if (typeof fingerprint !== 'string') return null;
  return {
    fingerprint,
    acquirerId: acquirerId ?? '',
    feeContractId: Number(contract),
    writer: defined(writer, 'writer'),
    claimedAtMs: Number(claimedAtMs),
  };
}

function totalsOf(row: Row): PaymentPicture['totals'] {
  const [rootId, version, rootKind, state, ...rest] = row;
  if (typeof rootId !== 'string') return null;
  const [authorized, captured, refunded, voided, reserved, inFlight, inFlightKind, sequence, undone] = rest;
  const minor = (text: string | null | undefined): bigint => BigInt(defined(text, 'total'));
  return {
    version: Number(version),
    totals: {
      rootKind: rootKind as RootKind,
      state: state as PaymentState,
      ...{ authorizedMinor: minor(authorized), capturedMinor: minor(captured), refundedMinor: minor(refunded) },
      ...{ voidedMinor: minor(voided), reservedMinor: minor(reserved), sequence: Number(sequence) },
      inFlight: typeof inFlight === 'string' ? { operationId: inFlight, kind: inFlightKind as FollowUpKind } : null,
      undone: (undone ?? '') === '' ? [] : (undone ?? '').split(','),
    },
  };
}
