import { isUuid } from '@fourway/kernel';
import { HttpProblem } from '@fourway/platform-http';
import type { Queries } from '../engines.ts';
import type { Order } from '../order/order.ts';
import type { OrderRepository } from '../order/order.repository.ts';
import type { OrderStatus } from '../order/order-status.ts';
import { orderKey } from '../wait/wait-keys.ts';
import type { WaitingCallers } from '../wait/waiting-callers.ts';

/** Closes an order that nobody is paying: its code cannot be paid any more. Closing it again changes nothing. */
export class CloseOrder {
  readonly #queries: Queries;
  readonly #orders: OrderRepository;
  readonly #callers: WaitingCallers;

  constructor({ queries, orders, callers }: { queries: Queries; orders: OrderRepository; callers: WaitingCallers }) {
    this.#queries = queries;
    this.#orders = orders;
    this.#callers = callers;
  }

  /**
   * Null where this merchant has no such order.
   * @throws HttpProblem 409 where it is being paid or has ended otherwise
   */
  async handle(merchantId: string, orderId: string): Promise<Order | null> {
    if (!isUuid(orderId)) return null;
    for (;;) {
      await this.#queries.query({ name: 'close_order', text: closeSql, values: [orderId, merchantId] });
      const order = await this.#orders.order(orderId);
      if (order?.merchantId !== merchantId) return null;
      // A payment failed between the two statements: it may be closed now.
      if (order.status === 'created') continue;
      if (order.status !== 'closed') throw notClosable(order.status);
      this.#callers.wake(orderKey(order));
      return order;
    }
  }
}

const closeSql = `update merchant_order set status = 'closed'
  where order_id = $1 and merchant_id = $2 and status = 'created' and expires_at > now()`;

const notClosable = (status: OrderStatus): HttpProblem =>
  new HttpProblem({
    status: 409,
    code: `order_${status}`,
    title: `The order is ${status}`,
    detail:
      status === 'paying'
        ? 'A payment for it is under way. Query the order until that is decided, then close it if it was not paid.'
        : `An order that is ${status} cannot be closed.`,
    ...(status === 'paying' ? { headers: { 'retry-after': '1' } } : {}),
  });
