import { defined } from '@fourway/kernel';
import { arrayColumn, arrayParameters, OptimisticInsert, type ArrayColumn, type Row } from '@fourway/platform-postgres';
import type { Queries } from '../engines.ts';
import { idRangeOf, withinIdRange } from '../retention/id-range.ts';
import {
  columnsOf,
  decision,
  decisionAndMissing,
  decisionOf,
  outcomeColumns,
  outcomeOf,
  outcomeValues,
  type NewOutcome,
  type StoredOutcome,
} from '../decide-outcome/outcome-row.ts';

export interface NewClaim {
  readonly operationId: string;
  /** 32 hex digits. */
  readonly fingerprint: string;
  readonly merchantId: string;
  readonly acquirerId: string;
  readonly feeContractId: number;
  /** Present where nobody has to be asked: stored with the claim or not at all. */
  readonly outcome: NewOutcome | null;
  /** Present where the merchant's order number may be paid only once, whatever operation ids it comes under. */
  readonly merchantOrderNo: string | null;
}

export interface StoredClaim {
  readonly operationId: string;
  readonly fingerprint: string;
  readonly acquirerId: string;
  readonly feeContractId: number;
  /** Who wrote it; only that process may act on it before its deadline. */
  readonly writer: string;
  /** Milliseconds since the Unix epoch. */
  readonly claimedAtMs: number;
  readonly outcome: StoredOutcome | null;
}

/** What a claim statement answers for the operations that were free: the claim is ours, its outcome stored if it had one. */
export type Claimed = ReadonlyMap<string, { readonly outcome: StoredOutcome | null }>;

/** The first row of every operation, written before anything is called. */
export class ClaimRepository {
  readonly #queries: Queries;
  readonly #optimistic = new OptimisticInsert();
  /** This incarnation of the process: a claim with another writer is somebody else's, even our own from before a restart. */
  readonly writer: string;

  constructor(queries: Queries, writer: string) {
    this.#queries = queries;
    this.writer = writer;
  }

  /** One statement: claims what is free and stores the outcomes that need no acquirer. An id that is missing from the answer was taken. */
  async claim(claims: readonly NewClaim[]): Promise<Claimed> {
    if (claims.length === 0) return new Map();
    const [at, ...takenRows] = await this.#insert(claims);
    const decided = decisionOf(at);
    const taken = new Set(takenRows.map(([, , operationId]) => operationId));
    return new Map(
      claims.flatMap(({ operationId, outcome }) =>
        taken.has(operationId)
          ? []
          : [[operationId, { outcome: outcome === null ? null : { ...outcome, ...decided } }]],
      ),
    );
  }

  #insert(claims: readonly NewClaim[]): Promise<Row[]> {
    const outcomes = claims.flatMap(({ outcome }) => (outcome === null ? [] : [outcome]));
    const orders = claims.filter(({ merchantOrderNo }) => merchantOrderNo !== null);
    const values = [
      ...claimColumns.map(({ arrayOf }) => arrayOf(claims)),
      this.writer,
      ...orderColumns.map(({ arrayOf }) => arrayOf(orders)),
      ...(outcomes.length === 0 ? [] : outcomeValues(outcomes)),
    ];
    const { plain, careful } = outcomes.length === 0 ? claimOnly : claimAndDecide;
    return this.#optimistic.run(
      () => this.#queries.query({ ...plain, values }),
      () => this.#queries.query({ ...careful, values }),
    );
  }

  /**
   * Lets the time of our own undecided claims begin anew; only for operations of which provably nothing was sent.
   * Answers with those whose claims were younger than `youngerThanMs`, by Postgres' clock.
   */
  async renew(operationIds: readonly string[], youngerThanMs: number): Promise<ReadonlySet<string>> {
    const rows = await this.#queries.query({
      name: 'renew_claims',
      text: renewSql,
      values: [operationIds, this.writer, youngerThanMs / 1_000],
    });
    return new Set(rows.map(([operationId]) => defined(operationId, 'operation_id')));
  }

  /** Which operations hold these merchants' order numbers. */
  async holdersOf(
    orders: readonly { readonly merchantId: string; readonly merchantOrderNo: string }[],
  ): Promise<ReadonlyMap<string, string>> {
    if (orders.length === 0) return new Map();
    const rows = await this.#queries.query({
      name: 'find_order_holders',
      text: `select merchant_id, order_no, operation_id from merchant_order
        join unnest($1::bigint[], $2::text[]) u (merchant, order_no_asked) on merchant_id = merchant and order_no = order_no_asked`,
      values: [orders.map(({ merchantId }) => merchantId), orders.map(({ merchantOrderNo }) => merchantOrderNo)],
    });
    return new Map(
      rows.map(([merchantId, orderNo, operationId]) => [
        orderKey({ merchantId: defined(merchantId, 'merchant_id'), merchantOrderNo: defined(orderNo, 'order_no') }),
        defined(operationId, 'operation_id'),
      ]),
    );
  }

  /** The claims there are for these ids, each with its outcome if it is decided. */
  async find(operationIds: readonly string[]): Promise<Map<string, StoredClaim>> {
    if (operationIds.length === 0) return new Map();
    const values = [operationIds, ...idRangeOf(operationIds)];
    const rows = await this.#queries.query({ name: 'find_claims', text: findSql, values });
    return new Map(rows.map(storedClaimOf).map((claim) => [claim.operationId, claim]));
  }
}

/** Names a merchant's order in `holdersOf`. */
export const orderKey = (order: { readonly merchantId: string; readonly merchantOrderNo: string }): string =>
  `${order.merchantId}/${order.merchantOrderNo}`;

function storedClaimOf(row: Row): StoredClaim {
  const [operationId, fingerprint, acquirerId, feeContractId, writer, claimedAtMs, isDecided, ...outcome] = row;
  return {
    operationId: defined(operationId, 'operation_id'),
    fingerprint: defined(fingerprint, 'fingerprint'),
    acquirerId: defined(acquirerId, 'acquirer_id'),
    feeContractId: Number(feeContractId),
    writer: defined(writer, 'writer'),
    claimedAtMs: Number(claimedAtMs),
    outcome: isDecided === 't' ? outcomeOf(outcome) : null,
  };
}

const claimColumns: readonly ArrayColumn<NewClaim>[] = [
  arrayColumn('operation_id', 'uuid', (claim) => claim.operationId),
  arrayColumn('fingerprint', 'bytea', (claim) => claim.fingerprint),
  arrayColumn('merchant_id', 'bigint', (claim) => claim.merchantId),
  arrayColumn('fee_contract_id', 'int', (claim) => claim.feeContractId),
  arrayColumn('acquirer_id', 'text', (claim) => claim.acquirerId),
];
const claimNames = claimColumns.map(({ name }) => name).join(', ');

/** Of the claims whose order may be paid only once. */
const orderColumns: readonly ArrayColumn<NewClaim>[] = [
  arrayColumn('operation_id', 'uuid', (claim) => claim.operationId),
  arrayColumn('merchant_id', 'bigint', (claim) => claim.merchantId),
  arrayColumn('order_no', 'text', (claim) => claim.merchantOrderNo ?? ''),
];
const writer = claimColumns.length + 1;
const firstOrder = writer + 1;
const firstOutcome = firstOrder + orderColumns.length;

/** An order number passes to another operation only from one that ended without success; in one batch the first one has it. */
const orderedCte = `ordered as (
  insert into merchant_order as held (merchant_id, order_no, operation_id)
  select distinct on (u.merchant, u.order_no) u.merchant, u.order_no, u.id
  from unnest(${arrayParameters(orderColumns, firstOrder)}) u (id, merchant, order_no) order by u.merchant, u.order_no, u.id
  on conflict (merchant_id, order_no) do update set operation_id = excluded.operation_id
    where held.operation_id <> excluded.operation_id
      and exists (select from outcome where outcome.operation_id = held.operation_id and outcome.status <> 'approved')
  returning operation_id
), refused as (
  select unnest($${firstOrder}::uuid[]) as operation_id except all select operation_id from ordered
)`;

const insertClaims = `insert into claim (${claimNames}, writer)
  select ${claimNames}, $${writer}::bigint from unnest(${arrayParameters(claimColumns, 1)}) u (${claimNames})
  where operation_id not in (select operation_id from refused)`;

const insertOutcomes = `insert into outcome (${outcomeColumns.join(', ')}, business_date)
  select u.*, (select business_date(now())) from unnest(${columnsOf(firstOutcome)}) u (${outcomeColumns.join(', ')})`;

/** A statement as it runs while all ids are new, and as it runs where some may not be. */
interface ClaimStatements {
  readonly plain: { readonly name: string; readonly text: string };
  readonly careful: { readonly name: string; readonly text: string };
}

const newClaimsCte = `${orderedCte}, claimed as (${insertClaims})`;
const freeClaimsCte = `${orderedCte}, claimed as (${insertClaims} on conflict do nothing returning operation_id)`;
const decisionAndRefused = `${decision}, null::uuid union all select null, null, operation_id from refused`;

const claimOnly: ClaimStatements = {
  plain: { name: 'claim_new', text: `with ${newClaimsCte} ${decisionAndRefused}` },
  careful: { name: 'claim', text: `with ${freeClaimsCte} ${decisionAndMissing('claimed')}` },
};

const claimAndDecide: ClaimStatements = {
  plain: {
    name: 'claim_new_and_decide',
    text: `with ${newClaimsCte}, decided as (${insertOutcomes} where operation_id not in (select operation_id from refused))
      ${decisionAndRefused}`,
  },
  careful: {
    name: 'claim_and_decide',
    text: `with ${freeClaimsCte}, decided as (${insertOutcomes} join claimed using (operation_id)) ${decisionAndMissing('claimed')}`,
  },
};

const renewSql = `
update claim set claimed_at = now() from unnest($1::uuid[]) u (id)
where claim.operation_id = u.id and claim.writer = $2::bigint and claim.claimed_at > now() - make_interval(secs => $3)
  and not exists (select from outcome where outcome.operation_id = u.id)
returning claim.operation_id`;

// One index look-up an id in one partition: joined freely, Postgres prefers to read all claims there are.
const findSql = `
select c.operation_id, encode(c.fingerprint, 'hex'), c.acquirer_id, c.fee_contract_id, c.writer, (extract(epoch from c.claimed_at) * 1000)::bigint,
  o.operation_id is not null, ${outcomeColumns.map((column) => (column.endsWith('_at') ? `(extract(epoch from o.${column}) * 1000)::bigint` : `o.${column}`)).join(', ')},
  (extract(epoch from o.decided_at) * 1000)::bigint, o.business_date
from unnest($1::uuid[]) u (id)
cross join lateral (select * from claim where operation_id = u.id and ${withinIdRange('operation_id', 2)} offset 0) c
left join lateral (select * from outcome where operation_id = u.id and ${withinIdRange('operation_id', 2)} offset 0) o on true`;
