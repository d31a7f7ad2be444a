import { Controller, HttpCode, Inject, Param, Post, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { answerOf } from '../edge/answers.ts';
import { Callers } from '../edge/callers.ts';
import { notFound } from '../edge/not-found.ts';
import type { OrderAnswer } from '../edge/schemas.ts';
import { orUnavailable } from '../edge/unavailable.ts';
import { CloseOrder } from './close-order.handler.ts';

@Controller('/v1/orders/:orderId/close')
export class CloseOrderHttp {
  readonly #callers: Callers;
  readonly #closeOrder: CloseOrder;

  constructor(@Inject(Callers) callers: Callers, @Inject(CloseOrder) closeOrder: CloseOrder) {
    this.#callers = callers;
    this.#closeOrder = closeOrder;
  }

  @Post()
  @HttpCode(200)
  async close(@Req() request: FastifyRequest, @Param('orderId') orderId: string): Promise<OrderAnswer> {
    const { merchantId } = await orUnavailable(this.#callers.merchant(request));
    const order = await orUnavailable(this.#closeOrder.handle(merchantId, orderId));
    if (order === null) throw notFound('order');
    return answerOf(order);
  }
}
