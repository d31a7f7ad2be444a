import { isCurrency, type Clock } from '@fourway/kernel';
import { HttpProblem } from '@fourway/platform-http';
import { BatchedCalls } from '@fourway/platform-resilience';
import { encodeOrderCode } from '@fourway/qr-code';
import { merchantCity } from '../directory/merchant-city.ts';
import type { MerchantProfile } from '../directory/merchant-profile.ts';
import type { CreateOrderBody } from '../edge/schemas.ts';
import { newOrderId } from '../order/operation-id.ts';
import type { Order } from '../order/order.ts';
import type { CreateOrderRepository, Placed } from './create-order.repository.ts';
import { hashOfOrder, type NewOrder } from './new-order.ts';

export interface CreateOrderCommand {
  readonly merchant: MerchantProfile;
  readonly idempotencyKey: string;
  readonly body: CreateOrderBody;
}

export interface CreatedOrder {
  readonly order: Order;
  /** `key`: the same request again; `number`: the same order under another key; null: it is new. */
  readonly foundBy: 'key' | 'number' | null;
}

interface Options {
  readonly repository: CreateOrderRepository;
  readonly clock: Clock;
  readonly onCreated: (orders: number) => void;
}

/** Creates orders, each once: what is asked at the same time goes into one statement, and is durable before anybody is answered. */
export class CreateOrder {
  readonly #clock: Clock;
  readonly #placing: BatchedCalls<NewOrder, Placed | null>;

  constructor({ repository, clock, onCreated }: Options) {
    this.#clock = clock;
    this.#placing = new BatchedCalls({
      maxBatch: 500,
      maxInFlight: 3,
      work: async (orders) => {
        const placed = await repository.place(orders);
        onCreated(placed.filter((one) => one?.kind === 'created').length);
        return placed;
      },
    });
  }

  /** @throws HttpProblem 422 for a currency that is not the merchant's, `idempotency_conflict`, `merchant_order_conflict` */
  async handle(command: CreateOrderCommand): Promise<CreatedOrder> {
    const asked = this.#newOrder(command);
    const placed = await this.#place(asked);
    if (placed.kind === 'created') return { order: orderOf(asked, placed.createdAtMs), foundBy: null };
    if (placed.bodyHash !== asked.bodyHash) throw conflict(placed);
    return { order: placed.order, foundBy: placed.by };
  }

  async #place(order: NewOrder): Promise<Placed> {
    for (;;) {
      const placed = await this.#placing.ask(order);
      if (placed !== null) return placed;
    }
  }

  #newOrder({ merchant, idempotencyKey, body }: CreateOrderCommand): NewOrder {
    const { merchantOrderNo, currency, terminalId, expiresInSeconds, description = null } = body;
    if (currency !== merchant.currency || !isCurrency(currency)) throw currencyMismatch(merchant.currency);
    const amountMinor = BigInt(body.amountMinor);
    const orderId = newOrderId(this.#clock.nowMs());
    const { merchantId, name, mcc, region } = merchant;
    return {
      ...{ orderId, merchantId, idempotencyKey, merchantOrderNo, amountMinor, currency, terminalId },
      ...{ expiresInSeconds, description },
      bodyHash: hashOfOrder({ merchantOrderNo, amountMinor, currency, terminalId, expiresInSeconds, description }),
      qrPayload: encodeOrderCode(
        { orderId, merchantId, terminalId, amountMinor, currency },
        { name, mcc, city: merchantCity(region) },
      ),
    };
  }
}

const orderOf = (asked: NewOrder, createdAtMs: number): Order => ({
  orderId: asked.orderId,
  merchantId: asked.merchantId,
  merchantOrderNo: asked.merchantOrderNo,
  amountMinor: asked.amountMinor,
  currency: asked.currency,
  terminalId: asked.terminalId,
  status: 'created',
  qrPayload: asked.qrPayload,
  createdAtMs,
  expiresAtMs: createdAtMs + asked.expiresInSeconds * 1_000,
  payment: null,
});

function conflict({ by, order }: Extract<Placed, { kind: 'found' }>): HttpProblem {
  const there = `Order ${order.orderId} (merchant order number ${order.merchantOrderNo})`;
  return by === 'key'
    ? new HttpProblem({
        status: 422,
        code: 'idempotency_conflict',
        title: 'The Idempotency-Key was used for another request',
        detail: `${there} was created under this key from other fields. Use a new key for a new order.`,
      })
    : new HttpProblem({
        status: 422,
        code: 'merchant_order_conflict',
        title: 'There is another order with this number',
        detail: `${there} has other fields. Give every order a number of its own.`,
        errors: [
          {
            pointer: '/merchantOrderNo',
            code: 'merchant_order_conflict',
            rule: 'unique among the orders of a merchant',
            remedy: 'send a new number, or the very same order',
          },
        ],
      });
}

const currencyMismatch = (currency: string): HttpProblem =>
  new HttpProblem({
    status: 422,
    code: 'invalid_fields',
    title: 'Fields of the request break their rules',
    detail: `/currency: must be that of the merchant's contracts, ${currency}`,
    errors: [
      {
        pointer: '/currency',
        code: 'currency_mismatch',
        rule: "the currency of the merchant's contracts",
        remedy: `send ${currency}`,
      },
    ],
  });
