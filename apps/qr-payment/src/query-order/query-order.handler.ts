import { isUuid } from '@fourway/kernel';
import type { Order } from '../order/order.ts';
import type { OrderRepository } from '../order/order.repository.ts';
import { isFinalOrder } from '../order/order-status.ts';
import { waitUntil } from '../wait/wait-until.ts';
import { orderKey } from '../wait/wait-keys.ts';
import type { WaitingCallers } from '../wait/waiting-callers.ts';

export interface OrderQuery {
  readonly merchantId: string;
  /** By our id or by the merchant's number. */
  readonly by: { readonly orderId: string } | { readonly merchantOrderNo: string };
  readonly waitMs: number;
}

/** Reads one order of a merchant, and waits for its end if asked to. */
export class QueryOrder {
  readonly #orders: OrderRepository;
  readonly #callers: WaitingCallers;

  constructor(orders: OrderRepository, callers: WaitingCallers) {
    this.#orders = orders;
    this.#callers = callers;
  }

  /** Null where this merchant has no such order. */
  async handle(query: OrderQuery): Promise<Order | null> {
    const order = await this.#read(query);
    if (order === null || isFinalOrder(order.status) || query.waitMs === 0) return order;
    return waitUntil<Order | null>({
      callers: this.#callers,
      key: orderKey(order),
      waitMs: query.waitMs,
      read: () => this.#orders.order(order.orderId),
      isDone: (read) => read === null || isFinalOrder(read.status),
    });
  }

  async #read({ merchantId, by }: OrderQuery): Promise<Order | null> {
    if ('merchantOrderNo' in by) return this.#orders.orderByNumber(merchantId, by.merchantOrderNo);
    const order = isUuid(by.orderId) ? await this.#orders.order(by.orderId) : null;
    return order?.merchantId === merchantId ? order : null;
  }
}
