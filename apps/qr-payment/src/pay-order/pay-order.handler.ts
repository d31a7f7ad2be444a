import type { Clock } from '@fourway/kernel';
import { HttpProblem } from '@fourway/platform-http';
import type { Breakpoint } from '../breakpoint.ts';
import type { Order, Payment } from '../order/order.ts';
import type { OrderRepository } from '../order/order.repository.ts';
import { newOperationId } from '../order/operation-id.ts';
import type { PublishOutbox } from '../publish-outbox/publish-outbox.handler.ts';
import type { SalesDoor } from '../sales-door/sales-door.ts';
import { waitUntil } from '../wait/wait-until.ts';
import { paymentKey } from '../wait/wait-keys.ts';
import type { WaitingCallers } from '../wait/waiting-callers.ts';
import { hashOfPayment, requestOf, type NewPayment } from './new-payment.ts';
import type { PayOrderRepository } from './pay-order.repository.ts';
import { codeOfNoOrder, keyUsed, notPayable } from './pay-order-problems.ts';

export interface PayOrderCommand {
  /** The payers' app. */
  readonly wallet: string;
  readonly idempotencyKey: string;
  readonly qrPayload: string;
  /** The order that the code names. */
  readonly orderId: string;
  readonly cardToken: string;
  /** When the payer confirmed, milliseconds since the Unix epoch; null: now. */
  readonly requestedAtMs: number | null;
}

export interface PaidOrder {
  /** Pending where its outcome did not come in time. */
  readonly payment: Payment;
  readonly isReplay: boolean;
}

interface Options {
  readonly repository: PayOrderRepository;
  readonly orders: Pick<OrderRepository, 'order' | 'payment'>;
  readonly outbox: Pick<PublishOutbox, 'publish'>;
  readonly callers: WaitingCallers;
  readonly breakpoint: Breakpoint;
  readonly door: Pick<SalesDoor, 'passPayment'>;
  readonly clock: Clock;
  readonly hashKey: Buffer;
  readonly callerWaitMs: number;
  readonly onMade: () => void;
}

/** An order that is free when it is read may be taken when it is written; so often it is looked at again. */
const maxLooks = 3;

/** Pays an order: makes one sale of it, publishes that, and waits for its outcome. */
export class PayOrder {
  readonly #options: Options;

  constructor(options: Options) {
    this.#options = options;
  }

  /** @throws HttpProblem 404, 409, 422; 429 and 503 for a new payment only */
  async handle(command: PayOrderCommand): Promise<PaidOrder> {
    const { requestedAtMs } = command;
    const bodyHash = hashOfPayment(this.#options.hashKey, { ...command, requestedAtMs });
    let wasTaken = false;
    for (let look = 1; ; look++) {
      const known = await this.#options.repository.find(command);
      if (known !== null && known.bodyHash !== bodyHash) throw keyUsed(known.operationId);
      if (known !== null) return { payment: await this.#decided(known.operationId), isReplay: true };
      // Asked again after the first look, a race with another payer would cost a second token.
      if (look === 1) this.#options.door.passPayment(`wallet:${command.wallet}`);
      const order = await this.#orderOfCode(command);
      if (order.status !== 'created') {
        // Since its key was looked for, this very request may have come twice and taken the order itself.
        if (wasTaken) throw notPayable(order.status);
        wasTaken = true;
        continue;
      }
      const payment = this.#newPayment(order, command, bodyHash);
      if (await this.#make(payment)) return { payment: await this.#decided(payment.operationId), isReplay: false };
      if (look >= maxLooks) throw notPayable('paying');
    }
  }

  async #orderOfCode({ orderId, qrPayload }: PayOrderCommand): Promise<Order> {
    const order = await this.#options.orders.order(orderId);
    // A code is what we issued, to the last character, or it is none of ours.
    if (order?.qrPayload !== qrPayload) throw codeOfNoOrder();
    return order;
  }

  #newPayment(order: Order, command: PayOrderCommand, bodyHash: string): NewPayment {
    const { orderId, wallet, idempotencyKey, cardToken } = command;
    const nowMs = this.#options.clock.nowMs();
    const operationId = newOperationId(nowMs);
    const requestedAtMs = command.requestedAtMs ?? nowMs;
    const record = requestOf(order, { operationId, cardToken, requestedAtMs });
    return { operationId, orderId, wallet, idempotencyKey, requestedAtMs, bodyHash, record };
  }

  async #make(payment: NewPayment): Promise<boolean> {
    const { repository, breakpoint, outbox, onMade } = this.#options;
    const isMade = await repository.make(payment);
    if (!isMade) return false;
    breakpoint.pass('after-commit');
    outbox.publish(payment);
    onMade();
    return true;
  }

  async #decided(operationId: string): Promise<Payment> {
    const { callers, orders, callerWaitMs } = this.#options;
    const payment = await waitUntil<Payment | null>({
      callers,
      key: paymentKey({ operationId }),
      waitMs: callerWaitMs,
      read: () => orders.payment(operationId),
      isDone: (read) => read?.status !== 'pending',
    });
    if (payment === null)
      throw new HttpProblem({ status: 404, code: 'payment_not_found', title: 'There is no such payment' });
    return payment;
  }
}
