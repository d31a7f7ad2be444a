import { Controller, Inject, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { parseBody } from '@fourway/platform-http';
import { answerOf } from '../edge/answers.ts';
import { Callers } from '../edge/callers.ts';
import { idempotencyKeyOf, replayedHeader } from '../edge/idempotency-key.ts';
import { checkFields } from '../edge/request-rules.ts';
import { createOrderBody, type OrderAnswer } from '../edge/schemas.ts';
import { orUnavailable } from '../edge/unavailable.ts';
import { SalesDoor } from '../sales-door/sales-door.ts';
import { CreateOrder } from './create-order.handler.ts';

@Controller('/v1/orders')
export class CreateOrderHttp {
  readonly #callers: Callers;
  readonly #createOrder: CreateOrder;
  readonly #door: SalesDoor;

  constructor(
    @Inject(Callers) callers: Callers,
    @Inject(CreateOrder) createOrder: CreateOrder,
    @Inject(SalesDoor) door: SalesDoor,
  ) {
    this.#callers = callers;
    this.#createOrder = createOrder;
    this.#door = door;
  }

  @Post()
  async create(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): Promise<OrderAnswer> {
    const merchant = await orUnavailable(this.#callers.merchant(request));
    this.#door.passOrder(`merchant:${merchant.merchantId}`);
    const idempotencyKey = idempotencyKeyOf(request);
    const body = parseBody(createOrderBody, request.body);
    const { merchantOrderNo, currency, terminalId } = body;
    checkFields({ merchantOrderNo, amountMinor: BigInt(body.amountMinor), currency, terminalId }, 0);
    const { order, foundBy } = await orUnavailable(this.#createOrder.handle({ merchant, idempotencyKey, body }));
    if (foundBy !== null) void reply.header(replayedHeader, 'true');
    // The same request gets the same status; an order found by its number was not created by this one.
    void reply.code(foundBy === 'number' ? 200 : 201).header('location', `/v1/orders/${order.orderId}`);
    return answerOf(order);
  }
}
