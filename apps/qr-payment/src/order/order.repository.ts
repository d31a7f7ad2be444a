import { arrayLiteral, type Row } from '@fourway/platform-postgres';
import { BatchedCalls } from '@fourway/platform-resilience';
import type { Queries } from '../engines.ts';
import type { Order, Payment } from './order.ts';
import { orderColumns, parseOrder, parsePayment, paymentColumns } from './order-row.ts';

/** Reads orders and payments; what is asked for at the same time is read by one statement. */
export class OrderRepository {
  readonly #queries: Queries;
  readonly #orders: BatchedCalls<string, Order | null>;
  readonly #payments: BatchedCalls<string, Payment | null>;

  constructor(queries: Queries) {
    this.#queries = queries;
    this.#orders = this.#reader('orders_by_id', ordersById, parseOrder);
    this.#payments = this.#reader('payments_by_id', paymentsById, parsePayment);
  }

  /** @param orderId a canonical UUID */
  order(orderId: string): Promise<Order | null> {
    return this.#orders.ask(orderId);
  }

  /** @param operationId a canonical UUID */
  payment(operationId: string): Promise<Payment | null> {
    return this.#payments.ask(operationId);
  }

  async orderByNumber(merchantId: string, merchantOrderNo: string): Promise<Order | null> {
    const [row] = await this.#queries.query({
      name: 'order_by_number',
      text: `select ${orderColumns} from merchant_order o left join payment p on p.operation_id = o.operation_id
        where o.merchant_id = $1 and o.merchant_order_no = $2`,
      values: [merchantId, merchantOrderNo],
    });
    return row === undefined ? null : parseOrder(row);
  }

  #reader<T>(name: string, text: string, parse: (row: Row) => T): BatchedCalls<string, T | null> {
    return new BatchedCalls({
      maxBatch: 500,
      maxInFlight: 2,
      work: async (ids) => {
        const rows = await this.#queries.query({ name, text, values: [arrayLiteral([...new Set(ids)])] });
        const found = new Map(rows.map((row) => [row[0], parse(row)]));
        return ids.map((id) => found.get(id) ?? null);
      },
    });
  }
}

// One index look-up an id: joined freely, Postgres may prefer to read all there is.
const ordersById = `select ${orderColumns} from unnest($1::uuid[]) u (id)
  cross join lateral (select * from merchant_order where order_id = u.id offset 0) o
  left join payment p on p.operation_id = o.operation_id`;

const paymentsById = `select ${paymentColumns} from unnest($1::uuid[]) u (id)
  cross join lateral (select * from payment where operation_id = u.id offset 0) p
  join merchant_order o on o.order_id = p.order_id`;
