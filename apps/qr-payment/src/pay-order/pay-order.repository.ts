import { defined } from '@fourway/kernel';
import { arrayLiteral } from '@fourway/platform-postgres';
import { BatchedCalls } from '@fourway/platform-resilience';
import type { Queries } from '../engines.ts';
import { maxTries } from '../order/order-status.ts';
import { paymentExpiryMs, type NewPayment } from './new-payment.ts';

/** A payment that was made under an idempotency key. */
export interface KnownPayment {
  readonly operationId: string;
  readonly bodyHash: string;
}

/** Makes payments; what is asked for at the same time goes into one statement. */
export class PayOrderRepository {
  readonly #queries: Queries;
  readonly #resendAfterMs: number;
  readonly #making: BatchedCalls<NewPayment, boolean>;
  readonly #finding: BatchedCalls<Pick<NewPayment, 'wallet' | 'idempotencyKey'>, KnownPayment | null>;

  constructor(queries: Queries, { resendAfterMs }: { resendAfterMs: number }) {
    this.#queries = queries;
    this.#resendAfterMs = resendAfterMs;
    this.#making = new BatchedCalls({ maxBatch: 500, maxInFlight: 2, work: (payments) => this.#makeAll(payments) });
    this.#finding = new BatchedCalls({ maxBatch: 500, maxInFlight: 2, work: (keys) => this.#findAll(keys) });
  }

  /**
   * Stores the payment, the order's move to `paying` and the outbox row, all or nothing. False where the order is not free or the key
   * is taken.
   */
  make(payment: NewPayment): Promise<boolean> {
    return this.#making.ask(payment);
  }

  /** The payment that this wallet made under this key. */
  find(key: Pick<NewPayment, 'wallet' | 'idempotencyKey'>): Promise<KnownPayment | null> {
    return this.#finding.ask(key);
  }

  async #makeAll(payments: readonly NewPayment[]): Promise<boolean[]> {
    const rows = await this.#queries.query({
      name: 'make_payments',
      text: makeSql,
      values: [
        arrayLiteral(payments.map(({ operationId }) => operationId)),
        arrayLiteral(payments.map(({ orderId }) => orderId)),
        arrayLiteral(payments.map(({ wallet }) => wallet)),
        arrayLiteral(payments.map(({ idempotencyKey }) => idempotencyKey)),
        arrayLiteral(payments.map(({ bodyHash }) => bodyHash)),
        arrayLiteral(payments.map(({ requestedAtMs }) => requestedAtMs)),
        arrayLiteral(payments.map(({ record }) => record.toString('hex'))),
        this.#resendAfterMs,
      ],
    });
    const made = new Set(rows.map(([operationId]) => operationId));
    return payments.map(({ operationId }) => made.has(operationId));
  }

  async #findAll(keys: readonly Pick<NewPayment, 'wallet' | 'idempotencyKey'>[]): Promise<(KnownPayment | null)[]> {
    const rows = await this.#queries.query({
      name: 'find_payments_by_key',
      text: `select u.n, p.operation_id, encode(p.body_hash, 'hex')
        from unnest($1::text[], $2::text[]) with ordinality u (wallet, key, n)
        cross join lateral (select * from payment where wallet = u.wallet and idempotency_key = u.key offset 0) p`,
      values: [
        arrayLiteral(keys.map(({ wallet }) => wallet)),
        arrayLiteral(keys.map(({ idempotencyKey }) => idempotencyKey)),
      ],
    });
    const known = new Map(
      rows.map(([n, operationId, bodyHash]) => [
        Number(n) - 1,
        { operationId: defined(operationId, 'operation_id'), bodyHash: defined(bodyHash, 'body_hash') },
      ]),
    );
    return keys.map((_, i) => known.get(i) ?? null);
  }
}

// The orders are locked first: whoever else pays or closes one meanwhile finds it taken, or we do.
const makeSql = `
with free as materialized (
  select order_id, merchant_id from merchant_order
  where order_id = any($2::uuid[]) and status = 'created' and expires_at > now() and tries < ${maxTries}
  order by order_id for update
), asked as (
  select * from unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::bigint[], $7::text[])
    u (operation_id, order_id, wallet, key, hash, requested_ms, record)
), made as (
  insert into payment (operation_id, order_id, merchant_id, wallet, idempotency_key, body_hash, requested_at, expires_at)
  select a.operation_id, a.order_id, f.merchant_id, a.wallet, a.key, decode(a.hash, 'hex'),
    to_timestamp(a.requested_ms / 1000.0), to_timestamp((a.requested_ms + ${paymentExpiryMs}) / 1000.0)
  from asked a join free f using (order_id)
  on conflict do nothing returning operation_id, order_id
), moved as (
  update merchant_order o set status = 'paying', operation_id = m.operation_id, tries = o.tries + 1
  from made m where o.order_id = m.order_id
), noted as (
  insert into outbox (operation_id, due_at, record)
  select m.operation_id, now() + $8 * interval '1 millisecond', decode(a.record, 'hex') from made m join asked a using (operation_id)
)
select operation_id from made`;
