import { defined } from '@fourway/kernel';
import {
  columnsOf,
  decisionOf,
  outcomeColumns,
  outcomeValues,
  type NewOutcome,
  type StoredOutcome,
} from '../decide-outcome/outcome-row.ts';
import { reversalColumns, reversalTypes, reversalValues } from '../decide-outcome/outcome.repository.ts';
import type { Row } from '@fourway/platform-postgres';
import type { Queries } from '../engines.ts';
import type { Incoming } from '../operation.ts';
import type { FollowUpClaim } from './plan-follow-up.ts';
import { totalsColumns, totalsTypes, totalsValues } from './totals-row.ts';

export interface NewFollowUpClaim extends FollowUpClaim {
  readonly incoming: Incoming;
}

/** The operations whose claims are ours, each with its outcome where it was stored with it. */
export type ClaimedFollowUps = ReadonlyMap<string, { readonly outcome: StoredOutcome | null }>;

/** Claims operations on payments: the totals they were planned on must still stand, and what they need is held in the same statement. */
export class FollowUpClaimRepository {
  readonly #queries: Queries;
  readonly #writer: string;

  constructor(queries: Queries, writer: string) {
    this.#queries = queries;
    this.#writer = writer;
  }

  /** At most one operation a payment. What is missing from the answer has to be looked at again: its payment has moved, or it was claimed. */
  async claim(claims: readonly NewFollowUpClaim[]): Promise<ClaimedFollowUps> {
    if (claims.length === 0) return new Map();
    const operations = claims.map(({ incoming }) => incoming.scored.operation);
    const outcomes = claims.flatMap(({ outcome }) => (outcome === null ? [] : [outcome]));
    const reversals = claims.flatMap(({ reversal, incoming }) =>
      reversal === null ? [] : [{ reversal, by: incoming.scored.operation.operationId }],
    );
    const rows = await this.#query([
      operations.map(({ operationId }) => operationId),
      claims.map(({ incoming }) => incoming.fingerprint),
      operations.map(({ merchantId }) => merchantId),
      claims.map(({ attempt, outcome }) => attempt?.feeContractId ?? outcome?.feeContractId ?? 0),
      claims.map(({ attempt, outcome }) => attempt?.acquirerId ?? outcome?.acquirerId ?? ''),
      this.#writer,
      ...totalsValues(claims.map(({ totals, incoming }) => ({ rootId: incoming.scored.operation.rootId, totals }))),
      ...outcomeValues(outcomes),
      ...originalValues(outcomes),
      ...reversalValues(reversals.map(({ reversal }) => reversal)),
      reversals.map(({ by }) => by),
    ]);
    if (rows === null) return new Map();
    const [at, ...claimed] = rows;
    const decision = decisionOf(at);
    const ours = new Set(claimed.map(([, , operationId]) => defined(operationId, 'operation_id')));
    return new Map(
      claims.flatMap(({ incoming, outcome }) => {
        const { operationId } = incoming.scored.operation;
        return ours.has(operationId)
          ? [[operationId, { outcome: outcome === null ? null : { ...outcome, ...decision } }]]
          : [];
      }),
    );
  }

  /** Null where an operation of the batch was claimed meanwhile: nothing was stored then, and all are looked at again. */
  async #query(values: unknown[]): Promise<Row[] | null> {
    try {
      return await this.#queries.query({ name: 'claim_follow_ups', text: claimSql, values });
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === unclaimedHold) return null;
      throw error;
    }
  }
}

const unclaimedHold = 'FW002';

/** What an outcome has besides `outcomeColumns`: what a void or reversal undoes. */
export const originalColumns = 'original_id, original_kind';
export const originalTypes = (first: number): string => `$${first}::uuid[], $${first + 1}::text[]`;
export const originalValues = (outcomes: readonly NewOutcome[]): (string | null)[][] => [
  outcomes.map(({ originalOperationId }) => originalOperationId ?? null),
  outcomes.map(({ originalKind }) => originalKind ?? null),
];

const firstTotals = 7;
const firstOutcome = firstTotals + totalsColumns.length;
const originals = firstOutcome + outcomeColumns.length;
const firstReversal = originals + 2;
const undoers = firstReversal + reversalColumns.split(',').length;

// In the order of the root ids, so that no two statements wait for each other's rows.
const claimSql = `
with asked as (
  select * from unnest($1::uuid[], $2::text[], $3::bigint[], $4::int[], $5::text[], ${totalsTypes(firstTotals)})
    u (operation_id, fingerprint, merchant_id, fee_contract_id, acquirer_id, ${totalsColumns.join(', ')})
), held as (
  insert into payment_totals as t (root_id, version, root_kind, state, authorized_minor, captured_minor, refunded_minor, voided_minor,
    reserved_minor, in_flight, in_flight_kind, sequence, undone)
  select root_id, version + 1, root_kind, state, authorized_minor, captured_minor, refunded_minor, voided_minor,
    reserved_minor, in_flight, in_flight_kind, sequence, array_remove(array[newly_undone], null)
  from asked where version is not null order by root_id
  on conflict (root_id) do update set version = excluded.version, state = excluded.state, captured_minor = excluded.captured_minor,
    refunded_minor = excluded.refunded_minor, voided_minor = excluded.voided_minor, reserved_minor = excluded.reserved_minor,
    in_flight = excluded.in_flight, in_flight_kind = excluded.in_flight_kind, sequence = excluded.sequence, undone = t.undone || excluded.undone
    where t.version = excluded.version - 1
  returning root_id
), claimed as (
  insert into claim (operation_id, fingerprint, merchant_id, fee_contract_id, acquirer_id, writer)
  select operation_id, decode(fingerprint, 'hex'), merchant_id, fee_contract_id, acquirer_id, $6::bigint
  from asked where version is null or root_id in (select root_id from held)
  on conflict do nothing returning operation_id
), fence as (
  select refuse_unclaimed_hold((select count(*) from held),
    (select count(*) from claimed join asked using (operation_id) where asked.version is not null)) as holds
), decided as (
  insert into outcome (${outcomeColumns.join(', ')}, ${originalColumns}, business_date)
  select o.*, (select business_date(now()))
  from unnest(${columnsOf(firstOutcome)}, ${originalTypes(originals)}) o (${outcomeColumns.join(', ')}, ${originalColumns})
  where o.operation_id in (select operation_id from claimed)
), undone as (
  insert into reversal (${reversalColumns})
  select ${reversalColumns}
  from unnest(${reversalTypes(firstReversal)}, $${undoers}::uuid[]) r (${reversalColumns}, undone_by)
  where undone_by in (select operation_id from claimed)
  on conflict do nothing
)
select (extract(epoch from now()) * 1000)::bigint, business_date(now()), null::uuid from fence where holds
union all
select null, null, operation_id from claimed`;
