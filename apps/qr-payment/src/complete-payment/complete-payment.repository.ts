import { defined } from '@fourway/kernel';
import { arrayLiteral } from '@fourway/platform-postgres';
import type { Queries } from '../engines.ts';
import { maxTries } from '../order/order-status.ts';
import { orderKey } from '../wait/wait-keys.ts';
import type { PaymentEnd } from './payment-end.ts';

/** A payment of ours that has ended, now or before. */
export interface EndedPayment {
  readonly operationId: string;
  readonly orderKey: string;
}

export class CompletePaymentRepository {
  readonly #queries: Queries;

  constructor(queries: Queries) {
    this.#queries = queries;
  }

  /**
   * One statement: ends payments, moves their orders on, and clears the outbox. What has ended stays as it is; what is not ours is
   * left out of the answer.
   */
  async complete(ends: readonly PaymentEnd[]): Promise<EndedPayment[]> {
    if (ends.length === 0) return [];
    const rows = await this.#queries.query({
      name: 'complete_payments',
      text: completeSql,
      values: [
        arrayLiteral(ends.map(({ operationId }) => operationId)),
        arrayLiteral(ends.map(({ status }) => status)),
        arrayLiteral(ends.map(({ responseCode }) => responseCode)),
        arrayLiteral(ends.map(({ rrn }) => rrn)),
        arrayLiteral(ends.map(({ authCode }) => authCode)),
        arrayLiteral(ends.map(({ acquirerId }) => acquirerId)),
        arrayLiteral(ends.map(({ decidedAtMs }) => decidedAtMs)),
      ],
    });
    return rows.map(([operationId, merchantId, merchantOrderNo]) => ({
      operationId: defined(operationId, 'operation_id'),
      orderKey: orderKey({
        merchantId: defined(merchantId, 'merchant_id'),
        merchantOrderNo: defined(merchantOrderNo, 'merchant_order_no'),
      }),
    }));
  }
}

// A request that was sent twice may be refused once and approved once (a merchant that was being onboarded). So a refusal ends only a
// payment that was sent once, or that can no longer be approved because it has expired.
const completeSql = `
with ended as (
  select * from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::bigint[])
    u (operation_id, status, response_code, rrn, auth_code, acquirer_id, decided_ms)
), ours as materialized (
  select operation_id, order_id, expires_at from payment
  where operation_id = any($1::uuid[]) and status = 'pending' order by operation_id for update
), decided as (
  update payment p set status = e.status, response_code = e.response_code, rrn = e.rrn, auth_code = e.auth_code,
    acquirer_id = e.acquirer_id, decided_at = to_timestamp(e.decided_ms / 1000.0)
  from ours, ended e
  where p.operation_id = ours.operation_id and e.operation_id = ours.operation_id and (e.status <> 'refused' or ours.expires_at < now()
    or (select sends from outbox b where b.operation_id = ours.operation_id) <= 1)
  returning p.operation_id, p.order_id, p.status
), moved as (
  update merchant_order o set status = case
    when d.status = 'approved' then 'paid' when o.tries >= ${maxTries} then 'failed' else 'created' end
  from decided d where o.order_id = d.order_id and o.operation_id = d.operation_id
), cleared as (
  delete from outbox b using decided d where b.operation_id = d.operation_id
)
select p.operation_id, o.merchant_id, o.merchant_order_no
from payment p join merchant_order o on o.order_id = p.order_id
where p.operation_id = any($1::uuid[])`;
