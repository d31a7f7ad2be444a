import { defined } from '@fourway/kernel';
import {
  columnsOf,
  decisionOf,
  outcomeColumns,
  outcomeValues,
  type StoredOutcome,
} from '../decide-outcome/outcome-row.ts';
import {
  reversalColumns,
  reversalTypes,
  reversalValues,
  type NewReversal,
} from '../decide-outcome/outcome.repository.ts';
import type { Queries } from '../engines.ts';
import { originalColumns, originalTypes, originalValues } from './follow-up-claim.repository.ts';
import type { DecidedFollowUp } from './outcome-of-follow-up.ts';
import { totalsColumns, totalsTypes, totalsValues } from './totals-row.ts';

export interface FollowUpToStore extends DecidedFollowUp {
  /** Stored with the outcome where money may have moved. */
  readonly reversal: NewReversal | null;
}

export class FollowUpOutcomeRepository {
  readonly #queries: Queries;

  constructor(queries: Queries) {
    this.#queries = queries;
  }

  /**
   * One statement: the first outcome of the operation in flight, what that makes of the totals, and its reversal. Answers the outcomes it
   * stored; the others lost.
   */
  async store(batch: readonly FollowUpToStore[]): Promise<ReadonlyMap<string, StoredOutcome>> {
    const outcomes = batch.map(({ outcome }) => outcome);
    const [at, ...stored] = await this.#queries.query({
      name: 'store_follow_ups',
      text: storeSql,
      values: [
        ...outcomeValues(outcomes),
        ...originalValues(outcomes),
        ...totalsValues(
          // The row is known by what is in flight, not by its version.
          batch.map(({ outcome, totals, undone }) => ({
            rootId: outcome.rootId,
            totals: { version: 0, after: totals, undone },
          })),
        ),
        ...reversalValues(batch.flatMap(({ reversal }) => (reversal === null ? [] : [reversal]))),
      ],
    });
    const decision = decisionOf(at);
    const ours = new Set(stored.map(([, , operationId]) => defined(operationId, 'operation_id')));
    return new Map(
      outcomes.flatMap((outcome) =>
        ours.has(outcome.operationId) ? [[outcome.operationId, { ...outcome, ...decision }]] : [],
      ),
    );
  }
}

const originals = outcomeColumns.length + 1;
const firstTotals = originals + 2;
const firstReversal = firstTotals + totalsColumns.length;

// The sequence is the next of the payment, or the outcome is not stored: whoever decided it knew other totals.
const storeSql = `
with stored as (
  insert into outcome (${outcomeColumns.join(', ')}, ${originalColumns}, business_date)
  select o.*, (select business_date(now()))
  from unnest(${columnsOf(1)}, ${originalTypes(originals)}) o (${outcomeColumns.join(', ')}, ${originalColumns})
  join payment_totals t on t.root_id = o.root_id and t.in_flight = o.operation_id and t.sequence + 1 = o.sequence
  order by o.root_id
  on conflict do nothing returning operation_id, root_id
), settled as (
  update payment_totals t set version = t.version + 1, state = u.state, captured_minor = u.captured_minor, refunded_minor = u.refunded_minor,
    voided_minor = u.voided_minor, reserved_minor = 0, in_flight = null, in_flight_kind = null, sequence = u.sequence,
    undone = t.undone || array_remove(array[u.newly_undone], null)
  from unnest(${totalsTypes(firstTotals)}) u (${totalsColumns.join(', ')}) join stored using (root_id)
  where t.root_id = u.root_id and t.in_flight = stored.operation_id
), given_back as (
  insert into reversal (${reversalColumns})
  select ${reversalColumns} from unnest(${reversalTypes(firstReversal)}) r (${reversalColumns}) join stored using (operation_id)
  on conflict do nothing
)
select (extract(epoch from now()) * 1000)::bigint, business_date(now()), null::uuid
union all
select null, null, operation_id from stored`;
