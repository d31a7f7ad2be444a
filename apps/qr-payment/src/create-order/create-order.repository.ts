import { defined } from '@fourway/kernel';
import { arrayLiteral, type Row } from '@fourway/platform-postgres';
import type { Queries } from '../engines.ts';
import type { Order } from '../order/order.ts';
import { orderColumns, parseOrder } from '../order/order-row.ts';
import type { NewOrder } from './new-order.ts';

/** What became of an order that was asked for. */
export type Placed =
  | { readonly kind: 'created'; readonly createdAtMs: number }
  /** There was one under this idempotency key, or else under this order number. */
  | { readonly kind: 'found'; readonly by: 'key' | 'number'; readonly bodyHash: string; readonly order: Order };

export class CreateOrderRepository {
  readonly #queries: Queries;

  constructor(queries: Queries) {
    this.#queries = queries;
  }

  /**
   * Inserts what is new by one statement and looks up the rest by another; answers in the order of `orders`, null where an order
   * lost its place to one that was then not stored either (ask again).
   */
  async place(orders: readonly NewOrder[]): Promise<(Placed | null)[]> {
    const created = await this.#insert(firstOfEach(orders));
    const rest = orders.filter(({ orderId }) => !created.has(orderId));
    const found = rest.length === 0 ? new Map<string, Placed>() : await this.#find(rest);
    return orders.map(({ orderId }) => {
      const createdAtMs = created.get(orderId);
      return createdAtMs === undefined ? (found.get(orderId) ?? null) : { kind: 'created', createdAtMs };
    });
  }

  /** Times of the orders it inserted, by order id. */
  async #insert(orders: readonly NewOrder[]): Promise<Map<string, number>> {
    const [[nowMs] = [], ...taken] = await this.#queries.query({
      name: 'place_orders',
      text: insertSql,
      values: [
        arrayLiteral(orders.map(({ orderId }) => orderId)),
        arrayLiteral(orders.map(({ merchantId }) => merchantId)),
        arrayLiteral(orders.map(({ idempotencyKey }) => idempotencyKey)),
        arrayLiteral(orders.map(({ merchantOrderNo }) => merchantOrderNo)),
        arrayLiteral(orders.map(({ bodyHash }) => bodyHash)),
        arrayLiteral(orders.map(({ amountMinor }) => amountMinor)),
        arrayLiteral(orders.map(({ currency }) => currency)),
        arrayLiteral(orders.map(({ terminalId }) => terminalId)),
        arrayLiteral(orders.map(({ expiresInSeconds }) => expiresInSeconds)),
        arrayLiteral(orders.map(({ qrPayload }) => qrPayload)),
        arrayLiteral(orders.map(({ description }) => description)),
      ],
    });
    const isTaken = new Set(taken.map(([, orderId]) => orderId));
    const createdAtMs = Number(defined(nowMs, 'the time of the statement'));
    return new Map(orders.flatMap(({ orderId }) => (isTaken.has(orderId) ? [] : [[orderId, createdAtMs] as const])));
  }

  async #find(orders: readonly NewOrder[]): Promise<Map<string, Placed>> {
    const rows = await this.#queries.query({
      name: 'find_placed_orders',
      text: findSql,
      values: [
        arrayLiteral(orders.map(({ orderId }) => orderId)),
        arrayLiteral(orders.map(({ merchantId }) => merchantId)),
        arrayLiteral(orders.map(({ idempotencyKey }) => idempotencyKey)),
        arrayLiteral(orders.map(({ merchantOrderNo }) => merchantOrderNo)),
      ],
    });
    return new Map(rows.map(foundOf));
  }
}

const foundOf = ([askedAs, by, bodyHash, ...order]: Row): readonly [string, Placed] => [
  defined(askedAs, 'the order asked for'),
  {
    kind: 'found',
    by: by === 'key' ? 'key' : 'number',
    bodyHash: defined(bodyHash, 'body_hash'),
    order: parseOrder(order),
  },
];

/**
 * The orders of a batch that no earlier one of it shares a key or a number with. Sorted, so that two replicas that are sent the same
 * orders wait for each other in one direction.
 */
function firstOfEach(orders: readonly NewOrder[]): NewOrder[] {
  const seen = new Set<string>();
  const firsts = orders.filter(({ merchantId, idempotencyKey, merchantOrderNo }) => {
    const names = [`${merchantId} key ${idempotencyKey}`, `${merchantId} number ${merchantOrderNo}`];
    const isFirst = !names.some((name) => seen.has(name));
    for (const name of names) seen.add(name);
    return isFirst;
  });
  return firsts.sort((a, b) => compare(a.merchantId, b.merchantId) || compare(a.merchantOrderNo, b.merchantOrderNo));
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

// Answers with the time and what it did not insert: nearly always one row.
const insertSql = `
with placed as (
  insert into merchant_order (order_id, merchant_id, idempotency_key, merchant_order_no, body_hash, amount_minor, currency, terminal_id, expires_at, qr_payload, description)
  select u.id, u.merchant, u.key, u.no, decode(u.hash, 'hex'), u.amount, u.currency, u.terminal, now() + u.seconds * interval '1 second', u.qr, u.description
  from unnest($1::uuid[], $2::bigint[], $3::text[], $4::text[], $5::text[], $6::bigint[], $7::text[], $8::text[], $9::int[], $10::text[], $11::text[])
    u (id, merchant, key, no, hash, amount, currency, terminal, seconds, qr, description)
  on conflict do nothing returning order_id
)
select (extract(epoch from now()) * 1000)::bigint, null::uuid
union all
select null, id from unnest($1::uuid[]) u (id) where not exists (select from placed where placed.order_id = u.id)`;

const findSql = `
select u.id, f.found_by, encode(o.body_hash, 'hex'), ${orderColumns}
from unnest($1::uuid[], $2::bigint[], $3::text[], $4::text[]) u (id, merchant, key, no)
cross join lateral (
  (select order_id, 'key' as found_by from merchant_order where merchant_id = u.merchant and idempotency_key = u.key)
  union all
  (select order_id, 'number' from merchant_order where merchant_id = u.merchant and merchant_order_no = u.no)
  order by found_by limit 1
) f
join merchant_order o on o.order_id = f.order_id
left join payment p on p.operation_id = o.operation_id`;
