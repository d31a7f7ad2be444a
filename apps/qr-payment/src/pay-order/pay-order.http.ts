import { Controller, Inject, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { systemClock } from '@fourway/kernel';
import { parseBody } from '@fourway/platform-http';
import { decodeOrderCode, QrCodeError } from '@fourway/qr-code';
import { paymentAnswerOf } from '../edge/answers.ts';
import { Callers } from '../edge/callers.ts';
import { idempotencyKeyOf, replayedHeader } from '../edge/idempotency-key.ts';
import { checkFields } from '../edge/request-rules.ts';
import { payOrderBody, type PaymentAnswer } from '../edge/schemas.ts';
import { orUnavailable } from '../edge/unavailable.ts';
import { PayOrder } from './pay-order.handler.ts';
import { unreadableCode } from './pay-order-problems.ts';

@Controller('/v1/payments')
export class PayOrderHttp {
  readonly #callers: Callers;
  readonly #payOrder: PayOrder;

  constructor(@Inject(Callers) callers: Callers, @Inject(PayOrder) payOrder: PayOrder) {
    this.#callers = callers;
    this.#payOrder = payOrder;
  }

  @Post()
  async pay(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): Promise<PaymentAnswer> {
    const { name } = this.#callers.wallet(request);
    const idempotencyKey = idempotencyKeyOf(request);
    const { qrPayload, cardToken, requestedAt } = parseBody(payOrderBody, request.body);
    const requestedAtMs = requestedAt === undefined ? null : Date.parse(requestedAt);
    checkFields({ cardToken, ...(requestedAtMs === null ? {} : { requestedAtMs }) }, systemClock.nowMs());
    const orderId = orderOf(qrPayload);
    const { payment, isReplay } = await orUnavailable(
      this.#payOrder.handle({ wallet: name, idempotencyKey, qrPayload, orderId, cardToken, requestedAtMs }),
    );
    if (isReplay) void reply.header(replayedHeader, 'true');
    void reply.code(payment.status === 'pending' ? 202 : 200);
    if (payment.status === 'pending')
      void reply.headers({ location: `/v1/payments/${payment.operationId}`, 'retry-after': '1' });
    return paymentAnswerOf(payment);
  }
}

function orderOf(qrPayload: string): string {
  try {
    return decodeOrderCode(qrPayload).orderId;
  } catch (error) {
    if (error instanceof QrCodeError) throw unreadableCode(error.fault);
    throw error;
  }
}
