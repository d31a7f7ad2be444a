import { Module, type DynamicModule } from '@nestjs/common';
import { allTopics } from '@fourway/contracts';
import type { ServiceContext } from '@fourway/platform-http';
import { migrate } from '@fourway/platform-postgres';
import { assertTopics } from '@fourway/platform-stream';
import { CloseOrderHttp } from './close-order/close-order.http.ts';
import type { QrPaymentConfig } from './config.ts';
import { CreateOrderHttp } from './create-order/create-order.http.ts';
import { migrations } from './migrations/index.ts';
import { OpenApiHttp } from './openapi/openapi.http.ts';
import { assertOrderMoves } from './order/order-status.ts';
import { PayOrderHttp } from './pay-order/pay-order.http.ts';
import { paymentParts } from './payment-parts.ts';
import { QrPayment } from './qr-payment.ts';
import { QueryOrderHttp } from './query-order/query-order.http.ts';
import { QueryPaymentHttp } from './query-payment/query-payment.http.ts';

@Module({})
class QrPaymentModule {}

/** Checks what the service stands on, then connects its parts. */
export async function composeQrPayment(config: QrPaymentConfig, context: ServiceContext): Promise<DynamicModule> {
  const { logger } = context;
  assertOrderMoves();
  await assertTopics({ brokers: config.kafkaBrokers, clientId: config.service, logger, topics: allTopics });
  await migrate({ url: config.postgresUrl, schema: 'payment', migrations });

  const parts = paymentParts(config, context);
  return {
    module: QrPaymentModule,
    controllers: [CreateOrderHttp, QueryOrderHttp, CloseOrderHttp, PayOrderHttp, QueryPaymentHttp, OpenApiHttp],
    providers: [
      { provide: QrPayment, useValue: new QrPayment(parts, logger) },
      ...parts.handlers.map((handler) => ({ provide: handler.constructor, useValue: handler })),
    ],
  };
}
