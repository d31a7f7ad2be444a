import { Controller, Get, Inject, Param, Query, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { parseBody } from '@fourway/platform-http';
import { answerOf } from '../edge/answers.ts';
import { Callers } from '../edge/callers.ts';
import { notFound } from '../edge/not-found.ts';
import { orderByNumberQuery, orderQuery, type OrderAnswer } from '../edge/schemas.ts';
import { orUnavailable } from '../edge/unavailable.ts';
import { QueryOrder, type OrderQuery } from './query-order.handler.ts';

@Controller('/v1/orders')
export class QueryOrderHttp {
  readonly #callers: Callers;
  readonly #queryOrder: QueryOrder;

  constructor(@Inject(Callers) callers: Callers, @Inject(QueryOrder) queryOrder: QueryOrder) {
    this.#callers = callers;
    this.#queryOrder = queryOrder;
  }

  @Get(':orderId')
  async byId(
    @Req() request: FastifyRequest,
    @Param('orderId') orderId: string,
    @Query() query: unknown,
  ): Promise<OrderAnswer> {
    const { merchantId } = await orUnavailable(this.#callers.merchant(request));
    const { waitSeconds } = parseBody(orderQuery, query);
    return this.#answer({ merchantId, by: { orderId }, waitMs: waitSeconds * 1_000 });
  }

  @Get()
  async byNumber(@Req() request: FastifyRequest, @Query() query: unknown): Promise<OrderAnswer> {
    const { merchantId } = await orUnavailable(this.#callers.merchant(request));
    const { merchantOrderNo, waitSeconds } = parseBody(orderByNumberQuery, query);
    return this.#answer({ merchantId, by: { merchantOrderNo }, waitMs: waitSeconds * 1_000 });
  }

  async #answer(query: OrderQuery): Promise<OrderAnswer> {
    const order = await orUnavailable(this.#queryOrder.handle(query));
    if (order === null) throw notFound('order');
    return answerOf(order);
  }
}
