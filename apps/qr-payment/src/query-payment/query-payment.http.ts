import { Controller, Get, Inject, Param, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { isUuid } from '@fourway/kernel';
import { paymentAnswerOf } from '../edge/answers.ts';
import { Callers, type CallingMerchant, type Wallet } from '../edge/callers.ts';
import { notFound } from '../edge/not-found.ts';
import type { PaymentAnswer } from '../edge/schemas.ts';
import { orUnavailable } from '../edge/unavailable.ts';
import type { Payment } from '../order/order.ts';
import { OrderRepository } from '../order/order.repository.ts';

@Controller('/v1/payments')
export class QueryPaymentHttp {
  readonly #callers: Callers;
  readonly #orders: OrderRepository;

  constructor(@Inject(Callers) callers: Callers, @Inject(OrderRepository) orders: OrderRepository) {
    this.#callers = callers;
    this.#orders = orders;
  }

  @Get(':operationId')
  async byId(@Req() request: FastifyRequest, @Param('operationId') operationId: string): Promise<PaymentAnswer> {
    const caller = await orUnavailable(this.#callers.merchantOrWallet(request));
    const payment = isUuid(operationId) ? await orUnavailable(this.#orders.payment(operationId)) : null;
    if (payment === null || !isOf(caller, payment)) throw notFound('payment');
    return paymentAnswerOf(payment);
  }
}

const isOf = (caller: CallingMerchant | Wallet, payment: Payment): boolean =>
  caller.type === 'wallet' ? payment.wallet === caller.name : payment.merchantId === caller.merchant.merchantId;
